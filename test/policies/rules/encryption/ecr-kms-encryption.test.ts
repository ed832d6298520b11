import { ecrKmsEncryption } from "../../../../policies/rules/encryption/ecr-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(ecrKmsEncryption, {
  good: { "in two layers": set("repository", "encryptionConfigurations", [{ encryptionType: "KMS_DSSE" }]) },
  bad: {
    default: remove("repository", "encryptionConfigurations"),
    AES256: set("repository", "encryptionConfigurations", [{ encryptionType: "AES256" }]),
  },
  partial: { "a key without a type": set("repository", "encryptionConfigurations", [{ kmsKey: "key" }]) },
  wrongType: { "a text": set("repository", "encryptionConfigurations", "KMS") },
  unknown: { type: set("repository", "encryptionConfigurations.0.encryptionType", UNKNOWN) },
});
