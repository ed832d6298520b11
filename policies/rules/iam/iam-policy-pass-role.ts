import { coveredBy, grantRule, isForAnyIdentity, isNarrowed } from "../../model/iam-policies";

export const iamPolicyPassRole = grantRule(
  {
    id: "iam-policy-pass-role",
    title: "Policies name the roles that may be passed on",
    severity: "high",
    description:
      "Who may pass any role to a service can have that service act as the account's administrator.",
    remediation:
      'Action: "iam:PassRole", Resource: [role.arn], Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }',
    controls: [],
  },
  (grant) =>
    // `iam:*` is a way to more than this.
    !grant.actions.includes("iam:*") &&
    coveredBy(grant, ["iam:passrole"]) !== undefined &&
    isForAnyIdentity(grant) &&
    !isNarrowed(grant)
      ? "must name the roles that `iam:PassRole` is for."
      : undefined,
);
