import { selects } from "../../model/labels";
import { podTemplateOf } from "../../model/pods";
import type { ResourceRule } from "../../model/rule";

export const workloadSelector: ResourceRule = {
  id: "workload-selector",
  title: "Selectors pick the pods of their own template",
  severity: "high",
  description:
    "The API server refuses a Deployment, StatefulSet, DaemonSet or ReplicaSet whose selector does not pick the template's labels: the update ends half-way.",
  remediation: "spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, … } }",
  types: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) => `kubernetes:apps/*:${kind}`),
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const selector = subject.fields.get("spec", "selector");
    if (!selector.exists()) return;
    const labels = podTemplateOf(subject)?.get("metadata", "labels").stringMap() ?? new Map<string, string>();
    if (!selects(selector, labels))
      verdict.fail(subject, "must have a `selector` that picks the labels of its own `template`.");
  },
};
