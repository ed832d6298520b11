import { hasDigest } from "../../model/image";
import { inputRule } from "../../model/input-rule";

export const lambdaImageDigest = inputRule(
  {
    id: "lambda-image-digest",
    title: "Functions' images are pinned by digest",
    severity: "medium",
    description: "A tag can be moved: what runs after the next deployment is then not what was tested.",
    remediation: "imageUri: pulumi.interpolate`${repository.repositoryUrl}@${digest}`",
    types: ["aws:lambda/function:Function"],
    controls: [],
  },
  (fields) => {
    const image = fields.get("imageUri").string();
    return image === undefined || hasDigest(image)
      ? undefined
      : `must pin its image by digest (given: ${image}).`;
  },
);
