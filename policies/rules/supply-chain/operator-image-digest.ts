import { hasDigest } from "../../model/image";
import type { ResourceRule } from "../../model/rule";
import { kubernetesKind } from "../../model/subject";

/** Where custom resources name the image that their operator will run. */
const IMAGE_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Prometheus: [["spec", "image"]],
  PrometheusAgent: [["spec", "image"]],
  Alertmanager: [["spec", "image"]],
  EnvoyProxy: [
    ["spec", "provider", "kubernetes", "envoyDeployment", "container", "image"],
    ["spec", "provider", "kubernetes", "envoyDaemonSet", "container", "image"],
  ],
};

export const operatorImageDigest: ResourceRule = {
  id: "operator-image-digest",
  title: "Images that an operator runs are named by digest",
  severity: "high",
  description:
    "Prometheus and Envoy are started by their operators from a custom resource; an image named there can move like any other.",
  remediation: 'spec: { image: "registry.example/prometheus@sha256:…" }',
  types: [
    "kubernetes:monitoring.coreos.com/*:Prometheus",
    "kubernetes:monitoring.coreos.com/*:PrometheusAgent",
    "kubernetes:monitoring.coreos.com/*:Alertmanager",
    "kubernetes:gateway.envoyproxy.io/*:EnvoyProxy",
  ],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const path of IMAGE_PATHS[kubernetesKind(subject.type)?.kind ?? ""] ?? []) {
      verdict.judge(subject, () => {
        const image = subject.fields.get(...path);
        if (image.exists() && !hasDigest(image.string() ?? "")) {
          verdict.fail(subject, `must name \`${image.path}\` by digest, not \`${image.show()}\`.`);
        }
      });
    }
  },
};
