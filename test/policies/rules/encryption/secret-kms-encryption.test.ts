import { secretKmsEncryption } from "../../../../policies/rules/encryption/secret-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const secret = (more: Record<string, unknown>) =>
  put("secret", "aws:secretsmanager/secret:Secret", { name: "api", ...more });

describeRule(secretKmsEncryption, {
  good: { "a key": secret({ kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/k" }) },
  bad: { "no key": secret({}) },
  partial: { "an empty key": secret({ kmsKeyId: "" }) },
  wrongType: { "a switch": secret({ kmsKeyId: true }) },
  unknown: { key: secret({ kmsKeyId: UNKNOWN }) },
});
