import { dynamodbKmsEncryption } from "../../../../policies/rules/encryption/dynamodb-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const table = (more: Record<string, unknown>) =>
  put("table", "aws:dynamodb/table:Table", {
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: true,
    ...more,
  });

describeRule(dynamodbKmsEncryption, {
  good: { on: table({ serverSideEncryption: { enabled: true } }) },
  bad: { default: table({}), off: table({ serverSideEncryption: { enabled: false } }) },
  partial: {
    "a key without the switch": table({
      serverSideEncryption: { kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k" },
    }),
  },
  wrongType: { "a word": table({ serverSideEncryption: { enabled: "yes" } }) },
  unknown: {
    switch: table({ serverSideEncryption: { enabled: UNKNOWN } }),
    "all of it": table({ serverSideEncryption: UNKNOWN }),
  },
});
