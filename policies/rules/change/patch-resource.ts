import type { ResourceRule } from "../../model/rule";

export const patchResource: ResourceRule = {
  id: "patch-resource",
  title: "Objects are declared whole, not patched",
  severity: "medium",
  description:
    "A patch shows only a part of the object that it changes, so that no other rule of this pack judges it: `DeploymentPatch` can make privileged what `Deployment` may not.",
  remediation:
    "new kubernetes.apps.v1.Deployment(name, { metadata, spec }, { import: `${namespace}/${name}` })",
  types: ["kubernetes:*/*:*Patch"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    verdict.fail(
      subject,
      "is a patch, which no other rule judges: declare the object itself, or review the patch.",
    );
  },
};
