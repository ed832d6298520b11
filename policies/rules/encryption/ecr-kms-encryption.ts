import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const ecrKmsEncryption = inputRule(
  {
    id: "ecr-kms-encryption",
    title: "Image repositories are encrypted with a KMS key",
    severity: "low",
    description:
      "With the default (AES256) nobody can tell from the key who read the images, nor take that away.",
    remediation: 'encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }]',
    types: ["aws:ecr/repository:Repository", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"],
    controls: [],
  },
  (repository) => {
    const types = oneOrMany(repository.get("encryptionConfigurations")).map(
      (config) => config.get("encryptionType").string() ?? "",
    );
    return types.some((type) => /^KMS/.test(type)) ? undefined : 'must set `encryptionType: "KMS"`.';
  },
);
