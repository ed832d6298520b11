import { UNKNOWN } from "../../../../policies/testing";
import { containerCpuLimit } from "../../../../policies/rules/pods/container-cpu-limit";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

describeRule(containerCpuLimit, {
  good: { "a number": set("deployment", server("resources.limits.cpu"), 2) },
  bad: {
    "no limit": remove("deployment", server("resources.limits.cpu")),
    "of an init container": remove("deployment", pod("initContainers.0.resources.limits.cpu")),
  },
  partial: {
    "a memory limit only": set("deployment", server("resources.limits"), {
      memory: "1Gi",
      "ephemeral-storage": "1Gi",
    }),
  },
  wrongType: { "limits are a text": set("deployment", server("resources.limits"), "1") },
  unknown: { limit: set("deployment", server("resources.limits.cpu"), UNKNOWN) },
});
