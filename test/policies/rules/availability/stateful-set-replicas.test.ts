import { statefulSetReplicas } from "../../../../policies/rules/availability/stateful-set-replicas";
import { UNKNOWN } from "../../../../policies/testing";
import { describeMore, describeRule } from "../../support/describe-rule";
import { statefulSet } from "../../support/stateful-set";

describeRule(statefulSetReplicas, {
  good: { two: statefulSet({ replicas: 2 }) },
  bad: { one: statefulSet({ replicas: 1 }), "nothing said": statefulSet({ replicas: undefined }) },
  partial: { none: "one number, which is large enough or not" },
  wrongType: { text: statefulSet({ replicas: "3" }) },
  unknown: { count: statefulSet({ replicas: UNKNOWN }) },
});

describeMore(statefulSetReplicas, {
  config: { minimum: 3 },
  bad: { "fewer than asked for": statefulSet({ replicas: 2 }) },
});
