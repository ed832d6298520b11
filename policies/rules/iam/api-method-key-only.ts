import { guardOf } from "../../model/api-methods";
import { inputRule } from "../../model/input-rule";

export const apiMethodKeyOnly = inputRule(
  {
    id: "api-method-key-only",
    title: "API keys are not the only guard of a method",
    severity: "medium",
    description:
      "API keys count usage; they name no caller, do not expire and are shared. AWS says not to authorise by them.",
    remediation: 'new aws.apigateway.Method(name, { …, authorization: "AWS_IAM", apiKeyRequired: true })',
    types: ["aws:apigateway/method:Method"],
    controls: [],
  },
  (fields) =>
    guardOf(fields) === "api-key"
      ? "must have an authorizer beside its API key: set `authorization`."
      : undefined,
);
