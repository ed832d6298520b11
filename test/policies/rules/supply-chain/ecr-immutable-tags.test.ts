import { UNKNOWN } from "../../../../policies/testing";
import { ecrImmutableTags } from "../../../../policies/rules/supply-chain/ecr-immutable-tags";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

const mutability = (value: unknown) => set("repository", "imageTagMutability", value);

describeRule(ecrImmutableTags, {
  good: { "but for some": mutability("IMMUTABLE_WITH_EXCLUSION") },
  bad: { mutable: mutability("MUTABLE"), "left out": remove("repository", "imageTagMutability") },
  partial: { "an empty text": mutability("") },
  wrongType: { switch: mutability(true) },
  unknown: { mutability: mutability(UNKNOWN) },
});
