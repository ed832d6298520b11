import { hasDigest } from "../../model/image";
import { podRule } from "../../model/pods";

export const podImageVolumeDigest = podRule(
  {
    id: "pod-image-volume-digest",
    title: "Artifacts mounted from a registry are named by digest",
    severity: "high",
    description:
      "A volume of type image mounts models or code from a registry; by a tag they can be replaced there.",
    remediation:
      'volumes: [{ name: "model", image: { reference: "registry.example/models/text@sha256:…" } }]',
  },
  (pod) => {
    const loose = pod
      .get("volumes")
      .items()
      .map((volume) => volume.get("image", "reference"))
      .filter((reference) => reference.exists() && !hasDigest(reference.string() ?? ""));
    return loose.length === 0
      ? undefined
      : `must mount by digest, not ${loose.map((reference) => `\`${reference.show()}\``).join(", ")}.`;
  },
);
