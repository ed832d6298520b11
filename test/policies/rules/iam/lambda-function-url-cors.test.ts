import { UNKNOWN } from "../../../../policies/testing";
import { lambdaFunctionUrlCors } from "../../../../policies/rules/iam/lambda-function-url-cors";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const URL = "aws:lambda/functionUrl:FunctionUrl";

describeRule(lambdaFunctionUrlCors, {
  good: {
    "one origin": put("url", URL, {
      authorizationType: "AWS_IAM",
      cors: { allowOrigins: ["https://app.example"] },
    }),
  },
  bad: { every: put("url", URL, { authorizationType: "AWS_IAM", cors: { allowOrigins: ["*"] } }) },
  partial: {
    "every one among them": put("url", URL, {
      authorizationType: "AWS_IAM",
      cors: { allowOrigins: ["https://app.example", "https://*"] },
    }),
  },
  wrongType: {
    "a text instead of a list": put("url", URL, {
      authorizationType: "AWS_IAM",
      cors: { allowOrigins: "*" },
    }),
  },
  unknown: { origins: put("url", URL, { authorizationType: "AWS_IAM", cors: { allowOrigins: UNKNOWN } }) },
});
