import { containerImageUnmaintained } from "../../../../policies/rules/supply-chain/container-image-unmaintained";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

const image = (name: string) => set("deployment", server("image"), `${name}@sha256:${"ab".repeat(32)}`);

describeRule(containerImageUnmaintained, {
  good: {
    "the registry of today": image("registry.k8s.io/kubectl"),
    "another controller": image("registry.example/nginx-ingress/controller"),
  },
  bad: {
    "the registry of old": image("k8s.gcr.io/kubectl"),
    "ingress-nginx": image("registry.k8s.io/ingress-nginx/controller"),
    "ingress-nginx from a mirror": image("registry.example/mirror/ingress-nginx/controller"),
  },
  partial: {
    "of an init container": set(
      "deployment",
      pod("initContainers.0.image"),
      `ghcr.io/helm/tiller:v2@sha256:${"ab".repeat(32)}`,
    ),
  },
  notJudged: { number: set("deployment", server("image"), 7) },
  unknown: { image: set("deployment", server("image"), UNKNOWN) },
});
