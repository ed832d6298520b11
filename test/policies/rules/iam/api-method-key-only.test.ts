import { UNKNOWN } from "../../../../policies/testing";
import { apiMethodKeyOnly } from "../../../../policies/rules/iam/api-method-key-only";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const METHOD = "aws:apigateway/method:Method";

describeRule(apiMethodKeyOnly, {
  good: {
    both: put("method", METHOD, {
      httpMethod: "POST",
      authorization: "CUSTOM",
      authorizerId: "a",
      apiKeyRequired: true,
    }),
  },
  bad: {
    "a key alone": put("method", METHOD, { httpMethod: "POST", authorization: "NONE", apiKeyRequired: true }),
  },
  partial: {
    "an authorizer that nothing asks": put("method", METHOD, {
      httpMethod: "POST",
      authorization: "NONE",
      authorizerId: "a",
      apiKeyRequired: true,
    }),
  },
  wrongType: {
    "a switch as the authorization": put("method", METHOD, {
      httpMethod: "POST",
      authorization: true,
      apiKeyRequired: true,
    }),
  },
  unknown: {
    key: put("method", METHOD, { httpMethod: "POST", authorization: "NONE", apiKeyRequired: UNKNOWN }),
  },
});
