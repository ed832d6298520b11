import { ebsVolumeEncryption } from "../../../../policies/rules/encryption/ebs-volume-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(ebsVolumeEncryption, {
  good: { "as a text": set("volume", "encrypted", "true") },
  bad: { "not set": remove("volume", "encrypted"), "switched off": set("volume", "encrypted", false) },
  partial: { "a key without the switch": set("volume", "encrypted", null) },
  wrongType: { "a word": set("volume", "encrypted", "yes") },
  unknown: { switch: set("volume", "encrypted", UNKNOWN) },
});
