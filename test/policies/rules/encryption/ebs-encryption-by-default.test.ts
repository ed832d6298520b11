import { ebsEncryptionByDefault } from "../../../../policies/rules/encryption/ebs-encryption-by-default";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const setting = (more: Record<string, unknown>) =>
  put("setting", "aws:ebs/encryptionByDefault:EncryptionByDefault", { ...more });

describeRule(ebsEncryptionByDefault, {
  good: { on: setting({ enabled: true }), "on by default": setting({}) },
  bad: { off: setting({ enabled: false }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a number": setting({ enabled: 0 }) },
  unknown: { switch: setting({ enabled: UNKNOWN }) },
});
