import { rolloutDeadlineAbort } from "../../../../policies/rules/change/rollout-deadline-abort";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";
import { podTemplate } from "../../support/world";

function spread(): Record<string, unknown> {
  const { spec, ...template } = podTemplate();
  const topologySpreadConstraints = [
    { maxSkew: 1, topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "text" } } },
  ];
  return { ...template, spec: { ...(spec as object), topologySpreadConstraints } };
}

const rollout = (more: Record<string, unknown>) =>
  put("rollout", "kubernetes:argoproj.io/v1alpha1:Rollout", {
    metadata: { name: "text", namespace: "team" },
    spec: { replicas: 2, template: spread(), ...more },
  });

describeRule(rolloutDeadlineAbort, {
  bad: { off: rollout({ progressDeadlineAbort: false }) },
  good: { on: rollout({ progressDeadlineAbort: true }) },
  partial: { "a deadline only": rollout({ progressDeadlineSeconds: 600 }) },
  wrongType: { "a text": rollout({ progressDeadlineAbort: "true" }) },
  unknown: { it: rollout({ progressDeadlineAbort: UNKNOWN }) },
});
