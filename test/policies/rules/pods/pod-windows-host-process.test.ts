import { UNKNOWN } from "../../../../policies/testing";
import { podWindowsHostProcess } from "../../../../policies/rules/pods/pod-windows-host-process";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(podWindowsHostProcess, {
  good: { off: set("deployment", pod("securityContext.windowsOptions"), { hostProcess: false }) },
  bad: { on: set("deployment", pod("securityContext.windowsOptions"), { hostProcess: true }) },
  partial: {
    "off in the pod, on in a container": [
      set("deployment", pod("securityContext.windowsOptions"), { hostProcess: false }),
      set("deployment", server("securityContext.windowsOptions"), { hostProcess: true }),
    ],
  },
  wrongType: { text: set("deployment", pod("securityContext.windowsOptions"), { hostProcess: "true" }) },
  unknown: { switch: set("deployment", pod("securityContext.windowsOptions"), { hostProcess: UNKNOWN }) },
});
