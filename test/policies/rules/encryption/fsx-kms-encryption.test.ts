import { fsxKmsEncryption } from "../../../../policies/rules/encryption/fsx-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const system = (more: Record<string, unknown>) =>
  put("system", "aws:fsx/lustreFileSystem:LustreFileSystem", { ...more });

describeRule(fsxKmsEncryption, {
  good: { "a key": system({ kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/k" }) },
  bad: { "no key": system({}) },
  partial: { "an empty key": system({ kmsKeyId: "" }) },
  wrongType: { "a switch": system({ kmsKeyId: true }) },
  unknown: { key: system({ kmsKeyId: UNKNOWN }) },
});
