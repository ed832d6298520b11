import { grantRule } from "../../model/iam-policies";

export const iamPolicyNotAction = grantRule(
  {
    id: "iam-policy-not-action",
    title: "Policies allow by naming, not by leaving out",
    severity: "high",
    description:
      "`NotAction` and `NotResource` allow all the rest: every other service, and every one to come.",
    remediation: 'Statement: [{ Effect: "Allow", Action: ["sqs:ReceiveMessage"], Resource: [queueArn] }]',
    controls: [],
  },
  ({ statement }) => {
    const inverted = ["NotAction", "NotResource"].filter((element) => statement.get(element).exists());
    return inverted.length === 0
      ? undefined
      : `must not allow with ${inverted.map((element) => `\`${element}\``).join(" and ")}.`;
  },
);
