import { kmsKeyRotation } from "../../../../policies/rules/encryption/kms-key-rotation";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(kmsKeyRotation, {
  good: {
    "an asymmetric key": [
      remove("key", "enableKeyRotation"),
      set("key", "customerMasterKeySpec", "RSA_4096"),
    ],
    "a signing key": [remove("key", "enableKeyRotation"), set("key", "keyUsage", "GENERATE_VERIFY_MAC")],
    "a key of a store of one's own": [
      remove("key", "enableKeyRotation"),
      set("key", "customKeyStoreId", "cks-1"),
    ],
  },
  bad: {
    "not set": remove("key", "enableKeyRotation"),
    "switched off": set("key", "enableKeyRotation", false),
  },
  partial: {
    "an empty store": [remove("key", "enableKeyRotation"), set("key", "customKeyStoreId", "")],
    "a period without the switch": [
      remove("key", "enableKeyRotation"),
      set("key", "rotationPeriodInDays", 90),
    ],
  },
  wrongType: { "a word": set("key", "enableKeyRotation", "yes") },
  unknown: { switch: set("key", "enableKeyRotation", UNKNOWN) },
});
