import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const backupVaultKmsEncryption = inputRule(
  {
    id: "backup-vault-kms-encryption",
    title: "Backup vaults use a KMS key of your own",
    severity: "low",
    description:
      "Backups outlive what they were made of; with a key of your own they can still be locked away.",
    remediation: "kmsKeyArn: key.arn",
    types: ["aws:backup/vault:Vault"],
    controls: awsControls("backup_vaults_encrypted"),
  },
  (vault) => ((vault.get("kmsKeyArn").string() ?? "") === "" ? "must set `kmsKeyArn`." : undefined),
);
