import { UNKNOWN } from "../../../../policies/testing";
import { namespacePodSecurity } from "../../../../policies/rules/access/namespace-pod-security";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(namespacePodSecurity, {
  good: {
    "privileged, where agents work on nodes": (world) => {
      set("namespace", ["metadata", "name"], "gpu-operator")(world);
      set("namespace", ["metadata", "labels", "pod-security.kubernetes.io/enforce"], "privileged")(world);
    },
    baseline: set("namespace", ["metadata", "labels", "pod-security.kubernetes.io/enforce"], "baseline"),
  },
  bad: {
    "no label": remove("namespace", "metadata.labels"),
    privileged: set("namespace", ["metadata", "labels", "pod-security.kubernetes.io/enforce"], "privileged"),
  },
  partial: {
    "a warning only": set("namespace", "metadata.labels", {
      "pod-security.kubernetes.io/warn": "restricted",
    }),
  },
  wrongType: { switch: set("namespace", ["metadata", "labels", "pod-security.kubernetes.io/enforce"], true) },
  unknown: { labels: set("namespace", "metadata.labels", UNKNOWN) },
});
