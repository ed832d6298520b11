import { cisKubernetes } from "../../model/controls";
import type { ResourceRule } from "../../model/rule";

export const defaultAccountToken: ResourceRule = {
  id: "default-account-token",
  title: "A namespace's default account hands out no token",
  severity: "low",
  description: "Every pod that names no account of its own gets the default one's token.",
  remediation: "automountServiceAccountToken: false // of the ServiceAccount `default`",
  types: ["kubernetes:core/*:ServiceAccount"],
  controls: [cisKubernetes("5.1.5", "Ensure that default service accounts are not actively used.")],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("metadata", "name").string() !== "default") return;
    if (subject.fields.get("automountServiceAccountToken").value() !== false) {
      verdict.fail(subject, "must set `automountServiceAccountToken: false`.");
    }
  },
};
