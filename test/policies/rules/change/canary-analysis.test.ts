import { UNKNOWN } from "../../../../policies/testing";
import { canaryAnalysis } from "../../../../policies/rules/change/canary-analysis";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put } from "../../support/edits";
import { podTemplate } from "../../support/world";

const metadata = { name: "text", namespace: "team" };
const canary = (spec: Record<string, unknown>): Edit =>
  put("canary", "kubernetes:flagger.app/v1beta1:Canary", {
    metadata,
    spec: { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "text" }, ...spec },
  });
const rollout = (strategy: unknown): Edit =>
  put("rollout", "kubernetes:argoproj.io/v1alpha1:Rollout", {
    metadata: { ...metadata, name: "argo" },
    spec: { replicas: 2, progressDeadlineAbort: true, strategy, template: podTemplate() },
  });
const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const steps = [{ setWeight: 20 }, { pause: { duration: "5m" } }];
const templates = [{ templateName: "success-rate" }];

describeRule(canaryAnalysis, {
  good: {
    "by metrics": canary({ analysis: { interval: "1m", threshold: 5, metrics } }),
    "in the background": rollout({ canary: { steps, analysis: { templates } } }),
    "as a step": rollout({ canary: { steps: [...steps, { analysis: { templates } }] } }),
    "promoted by hand": rollout({ blueGreen: { activeService: "text", autoPromotionEnabled: false } }),
    "blue and green, judged": rollout({
      blueGreen: { activeService: "text", prePromotionAnalysis: { templates } },
    }),
  },
  bad: {
    "no metrics": canary({ analysis: { interval: "1m", threshold: 5 } }),
    "no analysis": canary({}),
    skipped: canary({ skipAnalysis: true, analysis: { metrics } }),
    "steps alone": rollout({ canary: { steps } }),
    "promoted by itself": rollout({ blueGreen: { activeService: "text" } }),
  },
  partial: { "an empty list": canary({ analysis: { metrics: [] } }) },
  wrongType: { text: canary({ analysis: "request-success-rate" }) },
  unknown: { analysis: canary({ analysis: UNKNOWN }), strategy: rollout(UNKNOWN) },
});
