import { UNKNOWN } from "../../../../policies/testing";
import { podVolumeTypes } from "../../../../policies/rules/pods/pod-volume-types";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

describeRule(podVolumeTypes, {
  good: {
    "claims and secrets": set("deployment", pod("volumes"), [
      { name: "a", persistentVolumeClaim: { claimName: "a" } },
      { name: "b", secret: { secretName: "b" } },
      { name: "c", hostPath: null },
    ]),
  },
  bad: {
    "a path of the node": set("deployment", pod("volumes"), [{ name: "a", hostPath: { path: "/" } }]),
    nfs: set("deployment", pod("volumes"), [{ name: "a", nfs: { server: "s", path: "/" } }]),
  },
  partial: {
    "one of two": set("deployment", pod("volumes"), [
      { name: "a", emptyDir: {} },
      { name: "b", hostPath: { path: "/var" } },
    ]),
  },
  wrongType: { "the source is a text": set("deployment", pod("volumes"), [{ name: "a", hostPath: "/var" }]) },
  notJudged: { "volumes are an object": set("deployment", pod("volumes"), { hostPath: "/" }) },
  unknown: {
    volumes: set("deployment", pod("volumes"), UNKNOWN),
    "one volume": set("deployment", pod("volumes"), [UNKNOWN]),
  },
});
