import { UNKNOWN } from "../../../../policies/testing";
import { podRunAsGroupZero } from "../../../../policies/rules/pods/pod-run-as-group-zero";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(podRunAsGroupZero, {
  good: { another: set("deployment", pod("securityContext.runAsGroup"), 65532) },
  bad: {
    "of the pod": set("deployment", pod("securityContext.runAsGroup"), 0),
    "of its volumes": set("deployment", pod("securityContext.fsGroup"), 0),
    "of a container": set("deployment", server("securityContext.runAsGroup"), 0),
  },
  partial: { "among others": set("deployment", pod("securityContext.supplementalGroups"), [1000, 0]) },
  notJudged: { text: set("deployment", pod("securityContext.fsGroup"), "0") },
  unknown: { group: set("deployment", pod("securityContext.fsGroup"), UNKNOWN) },
});
