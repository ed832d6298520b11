import { UNKNOWN } from "../../../../policies/testing";
import { podTolerationAll } from "../../../../policies/rules/pods/pod-toleration-all";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const tolerations = (...list: unknown[]) => set("deployment", pod("tolerations"), list);
const gpu = { key: "nvidia.com/gpu", operator: "Exists" };

describeRule(podTolerationAll, {
  good: { named: tolerations(gpu) },
  bad: {
    all: tolerations({ operator: "Exists" }),
    "an empty key": tolerations({ key: "", operator: "Exists" }),
  },
  partial: { "beside a named one": tolerations(gpu, { operator: "Exists", effect: "NoSchedule" }) },
  notJudged: { text: set("deployment", pod("tolerations"), "all") },
  unknown: { key: tolerations({ key: UNKNOWN, operator: "Exists" }) },
});
