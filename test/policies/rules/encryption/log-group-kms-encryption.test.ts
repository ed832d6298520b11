import { logGroupKmsEncryption } from "../../../../policies/rules/encryption/log-group-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(logGroupKmsEncryption, {
  bad: { "no key": remove("logGroup", "kmsKeyId") },
  partial: { "an empty key": set("logGroup", "kmsKeyId", "") },
  wrongType: { "a switch": set("logGroup", "kmsKeyId", true) },
  unknown: { key: set("logGroup", "kmsKeyId", UNKNOWN) },
});
