import { awsControls } from "../../model/aws-controls";
import type { ResourceRule } from "../../model/rule";

const IMMUTABLE = ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"];

export const ecrImmutableTags: ResourceRule = {
  id: "ecr-immutable-tags",
  title: "Tags of an ECR repository cannot be moved",
  severity: "medium",
  description: "In a mutable repository whoever may push can put another image under a tag that was tested.",
  remediation: 'imageTagMutability: "IMMUTABLE"',
  types: ["aws:ecr/*:Repository"],
  controls: awsControls("ecr_repositories_tag_immutability"),
  scope: "resource",
  check(subject, verdict) {
    const mutability = subject.fields.get("imageTagMutability");
    if (!IMMUTABLE.includes(mutability.string() ?? "")) {
      verdict.fail(
        subject,
        `must set \`imageTagMutability: "IMMUTABLE"\`, not ${mutability.exists() ? mutability.show() : "MUTABLE, its default"}.`,
      );
    }
  },
};
