import type { ResourceRule } from "../../model/rule";

export const deploymentRevisionHistory: ResourceRule = {
  id: "deployment-revision-history",
  title: "A way back to the last revision is kept",
  severity: "medium",
  description:
    "With `revisionHistoryLimit: 0` the old ReplicaSet is deleted with the update, and `kubectl rollout undo` has nothing to go back to.",
  remediation: "spec: { revisionHistoryLimit: 3 } // or leave it out, which means 10",
  types: [
    "kubernetes:apps/*:Deployment",
    "kubernetes:apps/*:StatefulSet",
    "kubernetes:apps/*:DaemonSet",
    "kubernetes:argoproj.io/*:Rollout",
  ],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("spec", "revisionHistoryLimit").value() === 0) {
      verdict.fail(subject, "must not set `revisionHistoryLimit: 0`.");
    }
  },
};
