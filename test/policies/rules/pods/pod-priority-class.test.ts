import { UNKNOWN } from "../../../../policies/testing";
import { podPriorityClass } from "../../../../policies/rules/pods/pod-priority-class";
import { describeRule } from "../../support/describe-rule";
import { pod, put, set } from "../../support/edits";

const name = (value: unknown) => set("deployment", pod("priorityClassName"), value);
const agent = put("agent", "kubernetes:core/v1:PodTemplate", {
  metadata: { name: "agent", namespace: "kube-system" },
  template: { spec: { priorityClassName: "system-node-critical" } },
});

describeRule(podPriorityClass, {
  good: { "one of its own": name("serving") },
  bad: { "of nodes": name("system-node-critical"), "of the cluster": name("system-cluster-critical") },
  partial: { none: "a pod has one priority class" },
  notJudged: { number: name(2000000000), "in kube-system": agent },
  unknown: { name: name(UNKNOWN) },
});
