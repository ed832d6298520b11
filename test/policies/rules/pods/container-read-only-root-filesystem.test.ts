import { UNKNOWN } from "../../../../policies/testing";
import { containerReadOnlyRootFilesystem } from "../../../../policies/rules/pods/container-read-only-root-filesystem";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

describeRule(containerReadOnlyRootFilesystem, {
  good: { on: set("deployment", server("securityContext.readOnlyRootFilesystem"), true) },
  bad: { writable: set("deployment", server("securityContext.readOnlyRootFilesystem"), false) },
  partial: {
    "left out by the init container": remove(
      "deployment",
      pod("initContainers.0.securityContext.readOnlyRootFilesystem"),
    ),
  },
  wrongType: { text: set("deployment", server("securityContext.readOnlyRootFilesystem"), "true") },
  unknown: { switch: set("deployment", server("securityContext.readOnlyRootFilesystem"), UNKNOWN) },
});
