import { UNKNOWN } from "../../../../policies/testing";
import { containerCpuRequest } from "../../../../policies/rules/pods/container-cpu-request";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

describeRule(containerCpuRequest, {
  good: {
    "a limit stands for it": set("deployment", server("resources"), {
      limits: { cpu: 2, memory: "1Gi", "ephemeral-storage": "1Gi" },
    }),
  },
  bad: {
    none: [
      remove("deployment", server("resources.requests.cpu")),
      remove("deployment", server("resources.limits.cpu")),
    ],
  },
  partial: {
    "not in the init container": [
      remove("deployment", pod("initContainers.0.resources.requests.cpu")),
      remove("deployment", pod("initContainers.0.resources.limits.cpu")),
    ],
  },
  wrongType: {
    "requests are a text": [
      set("deployment", server("resources.requests"), "1"),
      remove("deployment", server("resources.limits.cpu")),
    ],
  },
  unknown: { request: set("deployment", server("resources.requests"), UNKNOWN) },
});
