import type { Field } from "../../model/field";
import type { ResourceRule } from "../../model/rule";
import { kubernetesKind } from "../../model/subject";

/** Flagger's Canary: an analysis with a metric or a webhook that can say no. @throws UnknownRead */
function flaggerProblem(spec: Field): string | undefined {
  if (!spec.get("skipAnalysis").isOff()) return "must not skip its analysis (`spec.skipAnalysis`).";
  // Flagger's older spelling is canaryAnalysis.
  const analyses = [spec.get("analysis"), spec.get("canaryAnalysis")];
  const judged = analyses.some((analysis) =>
    ["metrics", "webhooks"].some((list) => analysis.get(list).items().length > 0),
  );
  return judged ? undefined : "must judge the canary by `spec.analysis.metrics`.";
}

/** Argo's Rollout: an analysis in the background or among the steps. @throws UnknownRead */
function argoProblem(spec: Field): string | undefined {
  const canary = spec.get("strategy", "canary");
  if (canary.exists()) {
    const steps = canary.get("steps").items();
    const judged =
      canary.get("analysis", "templates").items().length > 0 ||
      steps.some((step) => step.get("analysis").exists() || step.get("experiment").exists());
    return judged
      ? undefined
      : "must judge the canary by an analysis, in `spec.strategy.canary.analysis` or a step.";
  }
  const blueGreen = spec.get("strategy", "blueGreen");
  if (!blueGreen.exists() || blueGreen.get("autoPromotionEnabled").value() === false) return undefined;
  return blueGreen.get("prePromotionAnalysis").exists()
    ? undefined
    : "must judge the preview before it promotes it: set `prePromotionAnalysis`, or `autoPromotionEnabled: false`.";
}

export const canaryAnalysis: ResourceRule = {
  id: "canary-analysis",
  title: "A canary is judged before it gets all traffic",
  severity: "medium",
  description:
    "Without an analysis the steps of a canary are a delay: a bad version is promoted as surely as a good one, a little later.",
  remediation:
    'analysis: { interval: "1m", threshold: 5, metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 } }] }',
  types: ["kubernetes:flagger.app/*:Canary", "kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    const isFlagger = kubernetesKind(subject.type)?.kind === "Canary";
    const problem = isFlagger ? flaggerProblem(spec) : argoProblem(spec);
    if (problem !== undefined) verdict.fail(subject, problem);
  },
};
