import { coveredBy, grantRule, isForAnyIdentity, isNarrowed } from "../../model/iam-policies";

export const iamPolicyAssumeRole = grantRule(
  {
    id: "iam-policy-assume-role",
    title: "Policies name the roles that may be taken",
    severity: "high",
    description:
      "With `sts:AssumeRole` on `*` every role whose trust is for the account can be taken, in any account.",
    remediation: 'Action: "sts:AssumeRole", Resource: [role.arn]',
    controls: [],
  },
  (grant) =>
    coveredBy(grant, ["sts:assumerole"]) !== undefined && isForAnyIdentity(grant) && !isNarrowed(grant)
      ? "must name the roles that `sts:AssumeRole` is for."
      : undefined,
);
