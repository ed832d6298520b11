import { eksSecretsEncryption } from "../../../../policies/rules/encryption/eks-secrets-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksSecretsEncryption, {
  good: {
    "another key": set("cluster", "encryptionConfig", {
      provider: { keyArn: "arn:aws:kms:eu-central-1:111122223333:key/b" },
      resources: ["secrets"],
    }),
  },
  bad: { "no encryption": remove("cluster", "encryptionConfig") },
  partial: {
    "a key, but not for secrets": set("cluster", "encryptionConfig.resources", []),
    "secrets without a key": set("cluster", "encryptionConfig.provider", {}),
  },
  wrongType: { "a list": set("cluster", "encryptionConfig", [{ resources: ["secrets"] }]) },
  unknown: {
    "all of it": set("cluster", "encryptionConfig", UNKNOWN),
    "the key, as a preview has it": set("cluster", "encryptionConfig.provider.keyArn", UNKNOWN),
  },
});
