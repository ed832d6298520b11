import { UNKNOWN } from "../../../../policies/testing";
import { lambdaEnvironmentSecret } from "../../../../policies/rules/secrets/lambda-environment-secret";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const FUNCTION = "aws:lambda/function:Function";
const fn = (variables: object) =>
  put("function", FUNCTION, {
    kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
    environment: { variables },
  });

describeRule(lambdaEnvironmentSecret, {
  good: {
    reference: fn({
      DB_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db",
      LEVEL: "info",
    }),
    none: put("function", FUNCTION, { runtime: "nodejs22.x" }),
  },
  bad: {
    password: fn({ DB_PASSWORD: "hunter2-hunter2" }),
    "a key of AWS": fn({ WHATEVER: "AKIAIOSFODNN7EXAMPLE" }),
  },
  partial: { "one of two": fn({ LEVEL: "info", API_TOKEN: "9f86d081884c7d65" }) },
  wrongType: { "a number, which AWS takes as a text": fn({ DB_PASSWORD: 12345678 }) },
  notJudged: { "variables are a list": fn(["DB_PASSWORD=hunter2-hunter2"]) },
  unknown: {
    variables: put("function", FUNCTION, { environment: { variables: UNKNOWN } }),
    value: fn({ DB_PASSWORD: UNKNOWN }),
  },
});
