import { UNKNOWN } from "../../../../policies/testing";
import { containerLivenessProbe } from "../../../../policies/rules/pods/container-liveness-probe";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

const sidecar = {
  name: "sidecar",
  image: "registry.example/sidecar@sha256:" + "0".repeat(64),
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  resources: { limits: { cpu: 1, memory: "1Gi", "ephemeral-storage": "1Gi" } },
  readinessProbe: { tcpSocket: { port: 1 } },
};

describeRule(containerLivenessProbe, {
  good: { "by a socket": set("deployment", server("livenessProbe"), { tcpSocket: { port: 8000 } }) },
  bad: { none: remove("deployment", server("livenessProbe")) },
  partial: { "a sidecar without": set("deployment", pod("containers.1"), sidecar) },
  wrongType: { null: set("deployment", server("livenessProbe"), null) },
  unknown: { probe: set("deployment", server("livenessProbe"), UNKNOWN) },
});
