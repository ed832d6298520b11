import { kmsKeyDeletionWindow } from "../../../../policies/rules/encryption/kms-key-deletion-window";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(kmsKeyDeletionWindow, {
  config: { minimum: 10 },
  good: {
    "the default": remove("key", "deletionWindowInDays"),
    "as many as asked for": set("key", "deletionWindowInDays", 10),
  },
  bad: { "too few": set("key", "deletionWindowInDays", 9) },
  partial: { none: "one number, which is large enough or not" },
  wrongType: { "a word": set("key", "deletionWindowInDays", "long") },
  unknown: { days: set("key", "deletionWindowInDays", UNKNOWN) },
});
