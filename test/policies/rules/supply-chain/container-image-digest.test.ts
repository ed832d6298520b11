import { UNKNOWN } from "../../../../policies/testing";
import { containerImageDigest } from "../../../../policies/rules/supply-chain/container-image-digest";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(containerImageDigest, {
  good: {
    "a digest beside a tag": set(
      "deployment",
      server("image"),
      `registry.example/server:1.2@sha256:${"ab".repeat(32)}`,
    ),
  },
  bad: {
    tag: set("deployment", server("image"), "registry.example/server:1.2"),
    "a short digest": set("deployment", server("image"), "registry.example/server@sha256:abc"),
  },
  partial: { "the init container's": set("deployment", pod("initContainers.0.image"), "busybox") },
  wrongType: { number: set("deployment", server("image"), 1) },
  unknown: { image: set("deployment", server("image"), UNKNOWN) },
});
