import { UNKNOWN } from "../../../../policies/testing";
import { podSeccompProfile } from "../../../../policies/rules/pods/pod-seccomp-profile";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

describeRule(podSeccompProfile, {
  good: {
    "a profile of each container": [
      remove("deployment", pod("securityContext.seccompProfile")),
      set("deployment", server("securityContext.seccompProfile"), {
        type: "Localhost",
        localhostProfile: "p.json",
      }),
      set("deployment", pod("initContainers.0.securityContext.seccompProfile"), { type: "RuntimeDefault" }),
    ],
  },
  bad: {
    none: remove("deployment", pod("securityContext.seccompProfile")),
    unconfined: set("deployment", server("securityContext.seccompProfile"), { type: "Unconfined" }),
  },
  partial: { "a profile without type": set("deployment", pod("securityContext.seccompProfile"), {}) },
  wrongType: { text: set("deployment", pod("securityContext.seccompProfile"), "RuntimeDefault") },
  unknown: { type: set("deployment", pod("securityContext.seccompProfile.type"), UNKNOWN) },
});
