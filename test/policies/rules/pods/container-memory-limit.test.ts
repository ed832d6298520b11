import { UNKNOWN } from "../../../../policies/testing";
import { containerMemoryLimit } from "../../../../policies/rules/pods/container-memory-limit";
import { describeRule } from "../../support/describe-rule";
import { remove, server, set } from "../../support/edits";

describeRule(containerMemoryLimit, {
  good: { "a number of bytes": set("deployment", server("resources.limits.memory"), 1073741824) },
  bad: {
    "no limit": remove("deployment", server("resources.limits.memory")),
    "no resources": set("deployment", server("resources"), { limits: { cpu: 1 } }),
  },
  partial: {
    "a request only": set("deployment", server("resources"), {
      limits: { cpu: 1 },
      requests: { memory: "1Gi" },
    }),
  },
  wrongType: { "limits are a text": set("deployment", server("resources.limits"), "1Gi") },
  unknown: { limit: set("deployment", server("resources.limits.memory"), UNKNOWN) },
});
