import { UNKNOWN } from "../../../../policies/testing";
import { containerPrivilegeEscalation } from "../../../../policies/rules/pods/container-privilege-escalation";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

describeRule(containerPrivilegeEscalation, {
  good: { "on Windows": set("deployment", pod("os"), { name: "windows" }) },
  bad: { allowed: set("deployment", server("securityContext.allowPrivilegeEscalation"), true) },
  partial: {
    "left out by the init container": remove(
      "deployment",
      pod("initContainers.0.securityContext.allowPrivilegeEscalation"),
    ),
  },
  wrongType: { text: set("deployment", server("securityContext.allowPrivilegeEscalation"), "false") },
  unknown: { switch: set("deployment", server("securityContext.allowPrivilegeEscalation"), UNKNOWN) },
});
