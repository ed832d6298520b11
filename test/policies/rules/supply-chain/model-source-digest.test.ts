import { UNKNOWN } from "../../../../policies/testing";
import { modelSourceDigest } from "../../../../policies/rules/supply-chain/model-source-digest";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

describeRule(modelSourceDigest, {
  good: {
    "a digest": set("deployment", pod("initContainers.0.args"), [
      "pull",
      "--public-key=/etc/slipway/models.pem",
      `oci://registry.example/models/text@sha256:${"cd".repeat(32)}`,
    ]),
  },
  bad: {
    tag: set("deployment", pod("initContainers.0.args"), [
      "pull",
      "--public-key=/etc/slipway/models.pem",
      "oci://registry.example/models/text:4",
    ]),
  },
  partial: {
    "one of two": set(
      "deployment",
      pod("initContainers.0.args.2"),
      "--also=oci://registry.example/models/voice",
    ),
  },
  notJudged: { "args are a text": set("deployment", pod("initContainers.0.args"), "oci://x") },
  unknown: { argument: set("deployment", pod("initContainers.0.args.1"), UNKNOWN) },
});
