import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const lambdaFunctionUrl = inputRule(
  {
    id: "lambda-function-url",
    title: "Function URLs ask for AWS credentials",
    severity: "critical",
    description:
      "With `NONE` everyone who learns the address runs the function, on the owner's bill and with its role.",
    remediation: 'new aws.lambda.FunctionUrl(name, { functionName, authorizationType: "AWS_IAM" })',
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    controls: awsControls("awslambda_function_url_public"),
  },
  (fields) => {
    const type = fields.get("authorizationType");
    return type.value() === "AWS_IAM"
      ? undefined
      : `must set \`authorizationType\` to "AWS_IAM" (given: ${type.show()}).`;
  },
);
