import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy";
import { Repository } from "@pulumi/aws/ecr/repository";
import type * as pulumi from "@pulumi/pulumi";
import { createEncryptionKey } from "../internal/encryption-key";
import type { ResolvedImage } from "./image-settings";

/** Days after which images without a tag go: leftovers of interrupted pushes. Those that an index refers to stay with it. */
const UNTAGGED_DAYS = 7;

/** Caches of installed packages that are kept: those of the current packages and of the ones before. */
const KEPT_CACHES = 2;

/** A private repository in ECR, as the settings have it; undefined where images go to another registry. */
export function createImageRepository(
  name: string,
  settings: ResolvedImage,
  opts: pulumi.CustomResourceOptions,
): Repository | undefined {
  const { repository: repositoryName, forceDelete, keepImages, kmsKeyArn, tags, variant } = settings;
  if (repositoryName === undefined) return undefined;
  const kmsKey =
    kmsKeyArn ?? createEncryptionKey(`${name}-key`, `Images of ${repositoryName}`, [], tags, opts).arn;
  const repository = new Repository(
    `${name}-repository`,
    {
      name: repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey }],
      forceDelete,
      tags: { ...tags },
    },
    opts,
  );
  new LifecyclePolicy(
    `${name}-lifecycle`,
    { repository: repository.name, policy: lifecyclePolicy(variant, keepImages) },
    opts,
  );
  return repository;
}

/** The newest images and caches stay; an image is the business of the first rule that its tag fits. */
function lifecyclePolicy(variant: string, keepImages: number): string {
  const keep = (rulePriority: number, description: string, prefix: string, countNumber: number) => ({
    rulePriority,
    description,
    selection: {
      tagStatus: "tagged",
      tagPrefixList: [prefix],
      countType: "imageCountMoreThan",
      countNumber,
    },
    action: { type: "expire" },
  });
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Images without a tag go after ${UNTAGGED_DAYS} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: UNTAGGED_DAYS,
        },
        action: { type: "expire" },
      },
      keep(2, `The newest ${KEPT_CACHES} caches stay`, "cache-", KEPT_CACHES),
      keep(3, `The newest ${keepImages} images stay`, `${variant}-`, keepImages),
    ],
  });
}
