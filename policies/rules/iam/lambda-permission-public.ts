import { awsControls } from "../../model/aws-controls";
import { limitsCallersTo } from "../../model/iam-statements";
import { inputRule } from "../../model/input-rule";

export const lambdaPermissionPublic = inputRule(
  {
    id: "lambda-permission-public",
    title: "Functions and layers are not open to every account",
    severity: "critical",
    description: "A permission for `*` lets any AWS account invoke the function or take the layer.",
    remediation:
      'new aws.lambda.Permission(name, { function: fn, action: "lambda:InvokeFunction", principal: "s3.amazonaws.com", sourceArn: bucket.arn })',
    types: ["aws:lambda/permission:Permission", "aws:lambda/layerVersionPermission:LayerVersionPermission"],
    controls: awsControls("awslambda_function_not_publicly_accessible"),
  },
  (fields) => {
    if (fields.get("principal").string() !== "*") return undefined;
    const isLimited =
      ["principalOrgId", "organizationId", "sourceAccount", "sourceArn"].some((name) =>
        limitsCallersTo(fields.get(name)),
      ) || fields.get("functionUrlAuthType").string() === "AWS_IAM";
    return isLimited
      ? undefined
      : "must not be for the principal `*`: name an account or a service, or limit it by `principalOrgId`.";
  },
);
