import { UNKNOWN } from "../../../../policies/testing";
import { ecrImmutableTags } from "../../../../policies/rules/supply-chain/ecr-immutable-tags";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

const mutability = (value: unknown) => set("repository", "imageTagMutability", value);

const excluding = (...filters: unknown[]) => [
  mutability("IMMUTABLE_WITH_EXCLUSION"),
  set(
    "repository",
    "imageTagMutabilityExclusionFilters",
    filters.map((filter) => ({ filter, filterType: "WILDCARD" })),
  ),
];

const template = (props: Record<string, unknown>) =>
  put("template", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate", {
    prefix: "models",
    appliedFors: ["REPLICATION"],
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }],
    ...props,
  });

describeRule(ecrImmutableTags, {
  good: {
    "but for some": excluding("dev-*"),
    "a template": template({ imageTagMutability: "IMMUTABLE" }),
    "a template of a cache": template({ appliedFors: ["PULL_THROUGH_CACHE"] }),
  },
  bad: {
    mutable: mutability("MUTABLE"),
    "left out": remove("repository", "imageTagMutability"),
    "a template": template({ imageTagMutability: "MUTABLE" }),
    "a template that does not say": template({}),
  },
  partial: { "an empty text": mutability(""), "but for all": excluding("dev-*", "*") },
  wrongType: { switch: mutability(true) },
  unknown: { mutability: mutability(UNKNOWN), exclusion: excluding(UNKNOWN) },
});
