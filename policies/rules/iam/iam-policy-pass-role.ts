import { coveredBy, grantRule, isForAnyIdentity, isNarrowed } from "../../model/iam-policies";

/** To whom a role is passed and for what, not which role it is. */
const RECEIVERS = ["iam:passedtoservice", "iam:associatedresourcearn"];

export const iamPolicyPassRole = grantRule(
  {
    id: "iam-policy-pass-role",
    title: "Policies name the roles that may be passed on",
    severity: "high",
    description:
      "Who may pass any role to a service can have that service act as the account's administrator; to which service says nothing of how much the role may.",
    remediation:
      'Action: "iam:PassRole", Resource: [role.arn], Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }',
    controls: [],
  },
  (grant) =>
    // `iam:*` is a way to more than this.
    !grant.actions.includes("iam:*") &&
    coveredBy(grant, ["iam:passrole"]) !== undefined &&
    isForAnyIdentity(grant) &&
    !isNarrowed(grant, RECEIVERS)
      ? "must name the roles that `iam:PassRole` is for."
      : undefined,
);
