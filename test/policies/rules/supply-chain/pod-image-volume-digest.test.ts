import { UNKNOWN } from "../../../../policies/testing";
import { podImageVolumeDigest } from "../../../../policies/rules/supply-chain/pod-image-volume-digest";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const volume = (reference: unknown) =>
  set("deployment", pod("volumes.1"), { name: "model", image: { reference } });

describeRule(podImageVolumeDigest, {
  good: { "by digest": volume(`registry.example/models/text@sha256:${"cd".repeat(32)}`) },
  bad: {
    "by tag": volume("registry.example/models/text:4"),
    "by name": volume("registry.example/models/text"),
  },
  partial: { "a digest too short": volume("registry.example/models/text@sha256:cdcd") },
  wrongType: { number: volume(4) },
  unknown: { reference: volume(UNKNOWN) },
});
