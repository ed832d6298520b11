import { hasDigest } from "../../model/image";
import { containerRule } from "../../model/pods";

export const containerImageDigest = containerRule(
  {
    id: "container-image-digest",
    title: "Container images are named by digest",
    severity: "high",
    description:
      "A tag can be moved: the image that was tested and the one that starts on the next node need not be the same.",
    remediation: 'image: "registry.example/team/server@sha256:…" // the digest that your build printed',
  },
  (container) => {
    const image = container.get("image");
    return hasDigest(image.string() ?? "")
      ? undefined
      : `must name its image by digest, not \`${image.show()}\`.`;
  },
);
