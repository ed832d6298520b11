import { UNKNOWN } from "../../../../policies/testing";
import { podRunAsUserZero } from "../../../../policies/rules/pods/pod-run-as-user-zero";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(podRunAsUserZero, {
  good: { "another user": set("deployment", pod("securityContext.runAsUser"), 65532) },
  bad: {
    "in the pod": set("deployment", pod("securityContext.runAsUser"), 0),
    "in a container": set("deployment", server("securityContext.runAsUser"), 0),
  },
  partial: {
    "pod non-zero, init container zero": [
      set("deployment", pod("securityContext.runAsUser"), 10001),
      set("deployment", pod("initContainers.0.securityContext.runAsUser"), 0),
    ],
  },
  wrongType: { text: set("deployment", pod("securityContext.runAsUser"), "0") },
  notJudged: { name: set("deployment", pod("securityContext.runAsUser"), "root") },
  unknown: { user: set("deployment", server("securityContext.runAsUser"), UNKNOWN) },
});
