import { UNKNOWN } from "../../../../policies/testing";
import { podSelinuxOptions } from "../../../../policies/rules/pods/pod-selinux-options";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(podSelinuxOptions, {
  good: {
    "a container's type": set("deployment", pod("securityContext.seLinuxOptions"), {
      type: "container_t",
      level: "s0:c1,c2",
    }),
  },
  bad: {
    "another type": set("deployment", pod("securityContext.seLinuxOptions"), { type: "spc_t" }),
    "a user": set("deployment", server("securityContext.seLinuxOptions"), { user: "system_u" }),
  },
  partial: {
    "type good, role set": set("deployment", pod("securityContext.seLinuxOptions"), {
      type: "container_t",
      role: "sysadm_r",
    }),
  },
  wrongType: { number: set("deployment", pod("securityContext.seLinuxOptions"), { type: 1 }) },
  unknown: { type: set("deployment", pod("securityContext.seLinuxOptions"), { type: UNKNOWN }) },
});
