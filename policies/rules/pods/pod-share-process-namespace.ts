import { podRule } from "../../model/pods";

export const podShareProcessNamespace = podRule(
  {
    id: "pod-share-process-namespace",
    title: "Containers of a pod keep their processes apart",
    severity: "medium",
    description:
      "With a shared process namespace a sidecar reads the environment and the files of the server beside it.",
    remediation: "spec: {} // without shareProcessNamespace",
  },
  (pod) => (pod.get("shareProcessNamespace").isOff() ? undefined : "must not set `shareProcessNamespace`."),
);
