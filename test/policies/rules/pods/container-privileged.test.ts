import { UNKNOWN } from "../../../../policies/testing";
import { containerPrivileged } from "../../../../policies/rules/pods/container-privileged";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(containerPrivileged, {
  good: { off: set("deployment", server("securityContext.privileged"), false) },
  bad: {
    server: set("deployment", server("securityContext.privileged"), true),
    "a debug container": set("deployment", pod("ephemeralContainers"), [
      {
        name: "debug",
        image: "debug@sha256:" + "0".repeat(64),
        securityContext: {
          privileged: true,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ]),
  },
  partial: {
    "only the init container": set("deployment", pod("initContainers.0.securityContext.privileged"), true),
  },
  wrongType: { text: set("deployment", server("securityContext.privileged"), "yes") },
  unknown: { switch: set("deployment", server("securityContext.privileged"), UNKNOWN) },
});
