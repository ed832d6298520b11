import { inputRule } from "../../model/input-rule";

export const secretKmsEncryption = inputRule(
  {
    id: "secret-kms-encryption",
    title: "Secrets of Secrets Manager use a KMS key of your own",
    severity: "low",
    description: "The key `aws/secretsmanager` cannot be shared across accounts, restricted or revoked.",
    remediation: "kmsKeyId: key.arn",
    types: ["aws:secretsmanager/secret:Secret"],
    controls: [],
  },
  (secret) => ((secret.get("kmsKeyId").string() ?? "") === "" ? "must set `kmsKeyId`." : undefined),
);
