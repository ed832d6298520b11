import { cisKubernetes, podSecurity } from "../../model/controls";
import { podRule } from "../../model/pods";

const ALLOWED = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

export const podVolumeTypes = podRule(
  {
    id: "pod-volume-types",
    title: "Pods mount no part of the node",
    severity: "high",
    description:
      "A hostPath volume, or a volume type that bypasses claims, reaches files that belong to the node or to others.",
    remediation:
      'volumes: [{ name: "tmp", emptyDir: {} }] // or persistentVolumeClaim, configMap, secret, projected, csi',
    controls: [
      podSecurity("restricted", "Volume Types"),
      podSecurity("baseline", "HostPath Volumes"),
      cisKubernetes("5.2.11", "Minimize the admission of HostPath volumes"),
    ],
  },
  (pod) => {
    const wrong = pod
      .get("volumes")
      .items()
      .flatMap((volume) => volume.entries())
      .filter(([key, source]) => key !== "name" && !ALLOWED.has(key) && (source.isUnknown || source.exists()))
      .map(([key]) => key);
    return wrong.length === 0
      ? undefined
      : `must not mount a volume of type ${[...new Set(wrong)].join(", ")}.`;
  },
);
