import { awsControls } from "../../model/aws-controls";
import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";

const IMMUTABLE = ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"];

/** Whether one of the exclusions is for every tag. @throws UnknownRead */
function exemptsAll(fields: Field): boolean {
  return fields
    .get("imageTagMutabilityExclusionFilters")
    .items()
    .some((filter) => /^\*+$/.test(filter.get("filter").string() ?? ""));
}

export const ecrImmutableTags = inputRule(
  {
    id: "ecr-immutable-tags",
    title: "Tags of an ECR repository cannot be moved",
    severity: "medium",
    description:
      "In a mutable repository whoever may push can put another image under a tag that was tested; a template says what repositories are like that pushes and replication create.",
    remediation: 'imageTagMutability: "IMMUTABLE"',
    types: ["aws:ecr/*:Repository", "aws:ecr/*:RepositoryCreationTemplate"],
    controls: awsControls("ecr_repositories_tag_immutability"),
  },
  (fields) => {
    const purposes = fields.get("appliedFors").strings();
    // A cache of somebody else's registry follows the tags that are moved there.
    if (purposes.length > 0 && purposes.every((one) => one === "PULL_THROUGH_CACHE")) return undefined;
    const mutability = fields.get("imageTagMutability");
    const stated = mutability.string() ?? "";
    if (!IMMUTABLE.includes(stated))
      return `must set \`imageTagMutability: "IMMUTABLE"\`, not ${mutability.exists() ? mutability.show() : "MUTABLE, its default"}.`;
    return stated === "IMMUTABLE_WITH_EXCLUSION" && exemptsAll(fields)
      ? "must not exempt every tag: `imageTagMutabilityExclusionFilters` has the filter `*`."
      : undefined;
  },
);
