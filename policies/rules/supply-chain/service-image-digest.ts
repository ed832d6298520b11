import { CONTAINER_SERVICES } from "../../model/aws-containers";
import type { Field } from "../../model/field";
import { hasDigest } from "../../model/image";
import { eachRule } from "../../model/input-rule";

const BUILD = "aws:codebuild/project:Project";

/** CodeBuild's own images, which AWS names by tag alone. */
const CODEBUILD_IMAGE = /^(?:aws\/codebuild\/|public\.ecr\.aws\/codebuild\/)/;

export const serviceImageDigest = eachRule<Field>(
  {
    id: "service-image-digest",
    title: "Images that AWS' container services run are pinned by digest",
    severity: "medium",
    description:
      "A tag can be moved: what a task, job, build or model starts with tomorrow is then not what was tested.",
    remediation: "image: pulumi.interpolate`${repository.repositoryUrl}@${digest}`",
    types: [...Object.keys(CONTAINER_SERVICES), BUILD],
    controls: [],
  },
  (fields, { type }) =>
    type === BUILD ? [fields.get("environment", "image")] : (CONTAINER_SERVICES[type]?.images(fields) ?? []),
  (field) => {
    const image = field.string();
    return image === undefined || hasDigest(image) || CODEBUILD_IMAGE.test(image)
      ? undefined
      : `must pin its image by digest (given: ${image}).`;
  },
);
