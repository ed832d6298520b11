import { logGroupKmsEncryption } from "../../../../policies/rules/encryption/log-group-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(logGroupKmsEncryption, {
  good: { "another key": set("logGroup", "kmsKeyId", "arn:aws:kms:eu-central-1:111122223333:key/b") },
  bad: { "no key": remove("logGroup", "kmsKeyId") },
  partial: { "an empty key": set("logGroup", "kmsKeyId", "") },
  wrongType: { "a switch": set("logGroup", "kmsKeyId", true) },
  unknown: { key: set("logGroup", "kmsKeyId", UNKNOWN) },
});
