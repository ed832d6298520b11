import { guardOf } from "../../model/api-methods";
import { inputRule } from "../../model/input-rule";

export const apiMethodAuthorization = inputRule(
  {
    id: "api-method-authorization",
    title: "Methods of REST APIs know who calls",
    severity: "high",
    description: "With `NONE` everyone on the internet can call the method.",
    remediation:
      'new aws.apigateway.Method(name, { …, authorization: "AWS_IAM" }) // or "COGNITO_USER_POOLS", "CUSTOM" with `authorizerId`',
    types: ["aws:apigateway/method:Method"],
    controls: [],
  },
  (fields) =>
    guardOf(fields) === "none" ? "must set `authorization` to something other than NONE." : undefined,
);
