import { UNKNOWN } from "../../../../policies/testing";
import { containerReadinessProbe } from "../../../../policies/rules/pods/container-readiness-probe";
import { describeRule } from "../../support/describe-rule";
import { pod, put, remove, server, set } from "../../support/edits";
import { podTemplate } from "../../support/world";

/** What a Job of the good world would run. */
const jobTemplate = podTemplate();
const sidecar = {
  name: "sidecar",
  image: "registry.example/sidecar@sha256:" + "0".repeat(64),
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  resources: { limits: { cpu: 1, memory: "1Gi", "ephemeral-storage": "1Gi" } },
  livenessProbe: { tcpSocket: { port: 1 } },
};

describeRule(containerReadinessProbe, {
  good: {
    "a Job has none": put("job", "kubernetes:batch/v1:Job", {
      metadata: { name: "job", namespace: "team" },
      spec: { ttlSecondsAfterFinished: 3600, template: jobTemplate },
    }),
  },
  bad: { none: remove("deployment", server("readinessProbe")) },
  partial: { "a sidecar without": set("deployment", pod("containers.1"), sidecar) },
  wrongType: { null: set("deployment", server("readinessProbe"), null) },
  unknown: { probe: set("deployment", server("readinessProbe"), UNKNOWN) },
});
