import { backupVaultKmsEncryption } from "../../../../policies/rules/encryption/backup-vault-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const vault = (more: Record<string, unknown>) => put("vault", "aws:backup/vault:Vault", { ...more });

describeRule(backupVaultKmsEncryption, {
  good: { "a key": vault({ kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k" }) },
  bad: { "no key": vault({}) },
  partial: { "an empty key": vault({ kmsKeyArn: "" }) },
  wrongType: { "a switch": vault({ kmsKeyArn: true }) },
  unknown: { key: vault({ kmsKeyArn: UNKNOWN }) },
});
