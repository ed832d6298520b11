import { cisEks } from "../../model/controls";
import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const eksSecretsEncryption = inputRule(
  {
    id: "eks-secrets-encryption",
    title: "EKS encrypts Kubernetes Secrets with your own KMS key",
    severity: "high",
    description:
      "Without `encryptionConfig` Secrets lie in etcd under a key that AWS owns, which nobody here can audit, rotate or revoke.",
    remediation: 'encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] }',
    types: ["aws:eks/cluster:Cluster"],
    controls: [
      ...awsControls("eks_cluster_kms_cmk_encryption_in_secrets_enabled"),
      cisEks(
        "5.3.1",
        "Ensure Kubernetes Secrets are encrypted using Customer Master Keys (CMKs) managed in AWS KMS",
      ),
    ],
  },
  (cluster) => {
    const config = cluster.get("encryptionConfig");
    if (!config.get("resources").strings().includes("secrets"))
      return "must encrypt `secrets` with a KMS key.";
    return (config.get("provider", "keyArn").string() ?? "") === ""
      ? "must name the KMS key that encrypts its secrets."
      : undefined;
  },
);
