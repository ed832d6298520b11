import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

/** Values by which an attestation is off. */
const OFF = new Set(["", "false", "0"]);

/** What of `@pulumi/docker`'s own builds takes attestations. */
const ATTESTING = /^docker:index\/(?:remoteImage:RemoteImage|registryImage:RegistryImage)$/;

/** Whether a build leaves the machine that it is made on. @throws UnknownRead */
function isPushed(type: string, fields: Field): boolean {
  if (type === "docker:index/image:Image") return !fields.get("skipPush").isTrue();
  const exported = fields.get("exports").items();
  return (
    fields.get("push").isTrue() ||
    exported.some((one) => one.get("registry").exists() || one.get("image", "push").isTrue())
  );
}

export const imageBuildAttestations = inputRule(
  {
    id: "image-build-attestations",
    title: "Images are built with a list of their software and their provenance",
    severity: "medium",
    description:
      "Without an SBOM nobody can tell which images hold a library that turns out to be bad, and without provenance nobody can tell what an image was made from. `docker-build.Image` can attest neither (pulumi/pulumi-docker-build#73).",
    remediation:
      'new RuntimeImage(name, { … }) // or docker.RegistryImage with build: { context, sbom: "true", provenance: "mode=max" }',
    types: [
      "docker-build:index:Image",
      "docker:index/image:Image",
      "docker:index/remoteImage:RemoteImage",
      "docker:index/registryImage:RegistryImage",
    ],
    controls: [],
  },
  (fields, { type }) => {
    if (!ATTESTING.test(type))
      return isPushed(type, fields)
        ? "must not be pushed: this resource attests neither an SBOM nor provenance."
        : undefined;
    const build = fields.get("build");
    // Without one the image is pulled, not built.
    if (!build.exists()) return undefined;
    const missing = ["sbom", "provenance"].filter((name) => OFF.has(asText(build.get(name)).toLowerCase()));
    return missing.length === 0
      ? undefined
      : `must set ${missing.map((name) => `\`build.${name}\``).join(" and ")}.`;
  },
);
