import { UNKNOWN } from "../../../../policies/testing";
import { podUnsafeSysctls } from "../../../../policies/rules/pods/pod-unsafe-sysctls";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

describeRule(podUnsafeSysctls, {
  good: {
    safe: set("deployment", pod("securityContext.sysctls"), [
      { name: "net.ipv4.ip_unprivileged_port_start", value: "80" },
    ]),
  },
  bad: { unsafe: set("deployment", pod("securityContext.sysctls"), [{ name: "kernel.msgmax", value: "1" }]) },
  partial: {
    "one of two": set("deployment", pod("securityContext.sysctls"), [
      { name: "net.ipv4.tcp_syncookies", value: "1" },
      { name: "vm.swappiness", value: "1" },
    ]),
  },
  wrongType: { "a number as name": set("deployment", pod("securityContext.sysctls"), [{ name: 3 }]) },
  unknown: { name: set("deployment", pod("securityContext.sysctls"), [{ name: UNKNOWN, value: "1" }]) },
});
