import { lambdaEnvironmentEncryption } from "../../../../policies/rules/encryption/lambda-environment-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const environment = { variables: { LEVEL: "info" } };
const fn = (props: Record<string, unknown>) =>
  put("fn", "aws:lambda/function:Function", {
    packageType: "Image",
    imageUri: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/fn@sha256:${"ab".repeat(32)}`,
    tracingConfig: { mode: "Active" },
    ...props,
  });

describeRule(lambdaEnvironmentEncryption, {
  good: {
    "without variables": fn({}),
    "with a key": fn({ environment, kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k" }),
  },
  bad: { "variables without a key": fn({ environment }) },
  partial: { "an empty key": fn({ environment, kmsKeyArn: "" }) },
  wrongType: { "a switch": fn({ environment, kmsKeyArn: true }) },
  unknown: {
    variables: fn({ environment: { variables: UNKNOWN } }),
    key: fn({ environment, kmsKeyArn: UNKNOWN }),
  },
});
