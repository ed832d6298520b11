import { rolloutScaleDownDelay } from "../../../../policies/rules/change/rollout-scale-down-delay";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";
import { podTemplate } from "../../support/world";

const rollout = (delay: unknown) =>
  put("rollout", "kubernetes:argoproj.io/v1alpha1:Rollout", {
    metadata: { name: "text", namespace: "team" },
    spec: {
      replicas: 2,
      progressDeadlineAbort: true,
      template: spread(),
      strategy: {
        blueGreen: { activeService: "text", autoPromotionEnabled: false, scaleDownDelaySeconds: delay },
      },
    },
  });

function spread(): Record<string, unknown> {
  const { spec, ...template } = podTemplate();
  const topologySpreadConstraints = [
    { maxSkew: 1, topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "text" } } },
  ];
  return { ...template, spec: { ...(spec as object), topologySpreadConstraints } };
}

describeRule(rolloutScaleDownDelay, {
  good: { "ten minutes": rollout(600), "Argo's own": rollout(undefined), "half a minute": rollout(30) },
  bad: { "at once": rollout(0), "too soon": rollout(29) },
  partial: { none: "one number, which is large enough or not" },
  wrongType: { text: rollout("600") },
  unknown: { delay: rollout(UNKNOWN) },
});
