import { imageBuildAttestations } from "../../../../policies/rules/supply-chain/image-build-attestations";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const build = (more: Record<string, unknown>) =>
  put("image", "docker:index/registryImage:RegistryImage", { name: "registry.example/a", ...more });
const other = (type: string, props: Record<string, unknown>) => put("image", type, props);

describeRule(imageBuildAttestations, {
  good: {
    attested: build({ build: { context: ".", sbom: "true", provenance: "mode=max" } }),
    "pulled only": other("docker:index/remoteImage:RemoteImage", { name: "registry.example/a" }),
    "kept on the machine": other("docker-build:index:Image", { push: false, exports: [{ docker: {} }] }),
    "kept on the machine, of old": other("docker:index/image:Image", { skipPush: true }),
  },
  bad: {
    neither: build({ build: { context: "." } }),
    "a build that cannot attest": other("docker-build:index:Image", { push: true }),
    "an exporter that pushes": other("docker-build:index:Image", {
      push: false,
      exports: [{ image: { push: true } }],
    }),
    "a build that cannot attest, of old": other("docker:index/image:Image", {
      imageName: "registry.example/a",
    }),
  },
  partial: {
    "provenance only": build({ build: { context: ".", provenance: "true" } }),
    "an SBOM that is off": build({ build: { context: ".", sbom: "false", provenance: "true" } }),
  },
  wrongType: { "a list": build({ build: { context: ".", sbom: [], provenance: "true" } }) },
  unknown: {
    build: build({ build: UNKNOWN }),
    sbom: build({ build: { sbom: UNKNOWN, provenance: "true" } }),
  },
});
