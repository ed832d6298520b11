import { UNKNOWN } from "../../../../policies/testing";
import { operatorImageDigest } from "../../../../policies/rules/supply-chain/operator-image-digest";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(operatorImageDigest, {
  good: { "the operator's own": remove("prometheus", "spec.image") },
  bad: {
    prometheus: set("prometheus", "spec.image", "prometheus:v3"),
    envoy: set("envoy", "spec.provider.kubernetes.envoyDeployment.container.image", "envoy:v1"),
  },
  partial: {
    "one of two": set("envoy", "spec.provider.kubernetes.envoyDaemonSet", {
      container: { image: "envoy:v1" },
    }),
  },
  wrongType: { number: set("prometheus", "spec.image", 3) },
  notJudged: { "spec is a text": set("prometheus", "spec", "image") },
  unknown: { image: set("prometheus", "spec.image", UNKNOWN) },
});
