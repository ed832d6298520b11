import { UNKNOWN } from "../../../../policies/testing";
import { podAppArmorProfile } from "../../../../policies/rules/pods/pod-apparmor-profile";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(podAppArmorProfile, {
  good: { runtime: set("deployment", pod("securityContext.appArmorProfile"), { type: "RuntimeDefault" }) },
  bad: {
    unconfined: set("deployment", server("securityContext.appArmorProfile"), { type: "Unconfined" }),
    "by annotation": set("deployment", ["spec", "template", "metadata", "annotations"], {
      "container.apparmor.security.beta.kubernetes.io/server": "unconfined",
    }),
  },
  partial: {
    "pod confined, container not": [
      set("deployment", pod("securityContext.appArmorProfile"), { type: "RuntimeDefault" }),
      set("deployment", server("securityContext.appArmorProfile"), { type: "Unconfined" }),
    ],
  },
  wrongType: { switch: set("deployment", pod("securityContext.appArmorProfile"), { type: false }) },
  unknown: { type: set("deployment", pod("securityContext.appArmorProfile"), { type: UNKNOWN }) },
});
