import { athenaDatabaseEncryption } from "../../../../policies/rules/encryption/athena-database-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const database = (encryptionConfiguration?: unknown) =>
  put("database", "aws:athena/database:Database", {
    name: "team",
    ...(encryptionConfiguration !== undefined && { encryptionConfiguration }),
  });

describeRule(athenaDatabaseEncryption, {
  good: {
    KMS: database({ encryptionOption: "SSE_KMS" }),
    "S3's keys": database({ encryptionOption: "SSE_S3" }),
  },
  bad: { none: database() },
  partial: { "a key alone": database({ kmsKey: "arn:aws:kms:eu-central-1:111122223333:key/a" }) },
  wrongType: { "a boolean": database({ encryptionOption: true }) },
  unknown: { option: database({ encryptionOption: UNKNOWN }) },
});
