import { UNKNOWN } from "../../../../policies/testing";
import { apiMethodAuthorization } from "../../../../policies/rules/iam/api-method-authorization";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const METHOD = "aws:apigateway/method:Method";

describeRule(apiMethodAuthorization, {
  good: {
    IAM: put("method", METHOD, { httpMethod: "POST", authorization: "AWS_IAM" }),
    "a preflight": put("method", METHOD, { httpMethod: "OPTIONS", authorization: "NONE" }),
  },
  bad: {
    none: put("method", METHOD, { httpMethod: "POST", authorization: "NONE" }),
    any: put("method", METHOD, { httpMethod: "ANY", authorization: "NONE" }),
  },
  partial: { unsaid: put("method", METHOD, { httpMethod: "GET", apiKeyRequired: false }) },
  wrongType: { boolean: put("method", METHOD, { httpMethod: "GET", authorization: true }) },
  unknown: { authorization: put("method", METHOD, { httpMethod: "GET", authorization: UNKNOWN }) },
});
