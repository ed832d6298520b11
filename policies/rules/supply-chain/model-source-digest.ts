import { hasDigest } from "../../model/image";
import { containerRule } from "../../model/pods";

export const modelSourceDigest = containerRule(
  {
    id: "model-source-digest",
    title: "Models are pulled by digest",
    severity: "high",
    description:
      "A model that is pulled by tag can change between two pods of the same deployment, or be replaced in the registry.",
    remediation: 'args: ["pull", "--to", "/models", "oci://registry.example/models/text@sha256:…"]',
  },
  (container) => {
    const loose = ["command", "args"]
      .flatMap((list) => container.get(list).strings())
      .flatMap((text) => text.match(/oci:\/\/[^\s,'"]+/g) ?? [])
      .filter((reference) => !hasDigest(reference));
    return loose.length === 0 ? undefined : `must pull models by digest, not ${loose.join(", ")}.`;
  },
);
