import { UNKNOWN } from "../../../../policies/testing";
import { lambdaFunctionUrl } from "../../../../policies/rules/iam/lambda-function-url";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const URL = "aws:lambda/functionUrl:FunctionUrl";

describeRule(lambdaFunctionUrl, {
  good: { IAM: put("url", URL, { functionName: "f", authorizationType: "AWS_IAM" }) },
  bad: { none: put("url", URL, { functionName: "f", authorizationType: "NONE" }) },
  partial: { unsaid: put("url", URL, { functionName: "f" }) },
  wrongType: { boolean: put("url", URL, { functionName: "f", authorizationType: true }) },
  unknown: { type: put("url", URL, { functionName: "f", authorizationType: UNKNOWN }) },
});
