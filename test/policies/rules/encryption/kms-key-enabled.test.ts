import { kmsKeyEnabled } from "../../../../policies/rules/encryption/kms-key-enabled";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(kmsKeyEnabled, {
  good: { enabled: set("key", "isEnabled", true), "nothing said": set("key", "isEnabled", undefined) },
  bad: { disabled: set("key", "isEnabled", false) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a text that AWS reads as off": set("key", "isEnabled", "false") },
  notJudged: { text: set("key", "isEnabled", "off") },
  unknown: { switch: set("key", "isEnabled", UNKNOWN) },
});
