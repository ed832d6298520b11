import { podTopologySpreadSelector } from "../../../../policies/rules/availability/pod-topology-spread-selector";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const constraints = (...selectors: unknown[]) =>
  set(
    "deployment",
    "spec.template.spec.topologySpreadConstraints",
    selectors.map((labelSelector) => ({
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector,
    })),
  );
const app = (value: unknown) => ({ matchLabels: { app: value } });

describeRule(podTopologySpreadSelector, {
  good: {
    "its own label": constraints(app("text")),
    "an expression": constraints({
      matchExpressions: [{ key: "app", operator: "In", values: ["text", "other"] }],
    }),
  },
  bad: { "another's label": constraints(app("web")), "no selector": constraints(undefined) },
  partial: {
    "one of two": constraints(app("text"), app("web")),
    "one label of two": constraints({ matchLabels: { app: "text", tier: "edge" } }),
  },
  wrongType: { "a number": constraints(app(7)) },
  unknown: { selector: constraints(app(UNKNOWN)), all: constraints(UNKNOWN) },
});
