import { awsControls } from "../../model/aws-controls";
import { grantRule, isEverything, isForAnyResource } from "../../model/iam-policies";

export const iamPolicyAdministrator = grantRule(
  {
    id: "iam-policy-administrator",
    title: "No policy allows everything on everything",
    severity: "critical",
    description: "Whoever holds it is the account's administrator, whatever the role is called.",
    remediation:
      'Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${bucketArn}/models/*`] }]',
    controls: awsControls(
      "iam_customer_attached_policy_no_administrative_privileges",
      "iam_inline_policy_no_administrative_privileges",
    ),
  },
  (grant) =>
    grant.actions.some(isEverything) && isForAnyResource(grant)
      ? "must not allow every action on every resource."
      : undefined,
);
