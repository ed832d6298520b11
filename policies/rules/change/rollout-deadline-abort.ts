import type { ResourceRule } from "../../model/rule";

export const rolloutDeadlineAbort: ResourceRule = {
  id: "rollout-deadline-abort",
  title: "Argo's rollout goes back when its deadline has passed",
  severity: "low",
  description:
    "Without `progressDeadlineAbort` a version that cannot start is called degraded and stays as it is, with what traffic it has.",
  remediation: "spec: { progressDeadlineSeconds: 600, progressDeadlineAbort: true }",
  types: ["kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (!subject.fields.get("spec", "progressDeadlineAbort").isTrue())
      verdict.fail(subject, "must set `progressDeadlineAbort: true`.");
  },
};
