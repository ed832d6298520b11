import type { ResourceRule } from "../../model/rule";

export const persistentVolumeHostPath: ResourceRule = {
  id: "persistent-volume-host-path",
  title: "Persistent volumes are no folders of a node",
  severity: "high",
  description:
    "A claim on such a volume hands its pod a part of the node, past the rule on volume types, and the data stays behind when the pod moves.",
  remediation: 'spec: { csi: { driver: "ebs.csi.aws.com", volumeHandle } } // without hostPath',
  types: ["kubernetes:core/*:PersistentVolume"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const source = subject.fields.get("spec", "hostPath");
    if (source.exists())
      verdict.fail(subject, `must not be the folder \`${source.get("path").show()}\` of a node.`);
  },
};
