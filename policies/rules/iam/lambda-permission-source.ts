import { limitsCallersTo } from "../../model/iam-statements";
import { inputRule } from "../../model/input-rule";

export const lambdaPermissionSource = inputRule(
  {
    id: "lambda-permission-source",
    title: "Services invoke functions for one source only",
    severity: "medium",
    description:
      "A permission for a service alone holds for that service in every account: anyone's bucket or topic can invoke the function.",
    remediation:
      'new aws.lambda.Permission(name, { …, principal: "events.amazonaws.com", sourceArn: rule.arn })',
    types: ["aws:lambda/permission:Permission"],
    controls: [],
  },
  (fields) => {
    const principal = fields.get("principal").string() ?? "";
    if (!/\.amazonaws\.com(?:\.cn)?$/.test(principal)) return undefined;
    const limits = ["sourceArn", "sourceAccount", "principalOrgId", "eventSourceToken"];
    return limits.some((name) => limitsCallersTo(fields.get(name)))
      ? undefined
      : `must say for which source \`${principal}\` may invoke: give \`sourceArn\` or \`sourceAccount\`.`;
  },
);
