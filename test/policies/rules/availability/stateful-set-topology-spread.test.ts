import { statefulSetTopologySpread } from "../../../../policies/rules/availability/stateful-set-topology-spread";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { statefulSet } from "../../support/stateful-set";

const term = { topologyKey: "kubernetes.io/hostname" };

describeRule(statefulSetTopologySpread, {
  good: {
    "by affinity": statefulSet(
      {},
      {
        topologySpreadConstraints: undefined,
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      },
    ),
  },
  bad: { nothing: statefulSet({}, { topologySpreadConstraints: undefined }) },
  partial: { "an empty list": statefulSet({}, { topologySpreadConstraints: [] }) },
  wrongType: { text: statefulSet({}, { topologySpreadConstraints: "hostname" }) },
  unknown: { constraints: statefulSet({}, { topologySpreadConstraints: UNKNOWN }) },
});
