import { UNKNOWN } from "../../../../policies/testing";
import { containerProcMount } from "../../../../policies/rules/pods/container-proc-mount";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(containerProcMount, {
  good: { default: set("deployment", server("securityContext.procMount"), "Default") },
  bad: { unmasked: set("deployment", server("securityContext.procMount"), "Unmasked") },
  partial: {
    "only the init container": set(
      "deployment",
      pod("initContainers.0.securityContext.procMount"),
      "Unmasked",
    ),
  },
  wrongType: { switch: set("deployment", server("securityContext.procMount"), true) },
  unknown: { value: set("deployment", server("securityContext.procMount"), UNKNOWN) },
});
