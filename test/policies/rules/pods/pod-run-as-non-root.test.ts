import { UNKNOWN } from "../../../../policies/testing";
import { podRunAsNonRoot } from "../../../../policies/rules/pods/pod-run-as-non-root";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

describeRule(podRunAsNonRoot, {
  good: {
    "set by each container": [
      remove("deployment", pod("securityContext.runAsNonRoot")),
      set("deployment", server("securityContext.runAsNonRoot"), true),
      set("deployment", pod("initContainers.0.securityContext.runAsNonRoot"), true),
    ],
  },
  bad: {
    "set nowhere": remove("deployment", pod("securityContext.runAsNonRoot")),
    "off in a container": set("deployment", server("securityContext.runAsNonRoot"), false),
  },
  partial: {
    "set by one container of two": [
      remove("deployment", pod("securityContext.runAsNonRoot")),
      set("deployment", server("securityContext.runAsNonRoot"), true),
    ],
  },
  wrongType: {
    text: set("deployment", pod("securityContext.runAsNonRoot"), "true"),
    "context is a list": set("deployment", pod("securityContext"), []),
  },
  notJudged: {
    "containers are a text": [
      set("deployment", pod("containers"), "server"),
      set("deployment", pod("initContainers"), 7),
    ],
  },
  unknown: {
    "the pod's": set("deployment", pod("securityContext.runAsNonRoot"), UNKNOWN),
    "the pod spec": set("deployment", "spec.template.spec", UNKNOWN),
  },
});
