import { UNKNOWN } from "../../../../policies/testing";
import { persistentVolumeHostPath } from "../../../../policies/rules/pods/persistent-volume-host-path";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const volume = (spec: unknown) =>
  put("volume", "kubernetes:core/v1:PersistentVolume", { metadata: { name: "models" }, spec });

describeRule(persistentVolumeHostPath, {
  good: { csi: volume({ csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" } }) },
  bad: { folder: volume({ hostPath: { path: "/var/lib" } }) },
  partial: { "without path": volume({ hostPath: {} }) },
  wrongType: { text: volume({ hostPath: "/var/lib" }) },
  unknown: { source: volume({ hostPath: UNKNOWN }), spec: volume(UNKNOWN) },
});
