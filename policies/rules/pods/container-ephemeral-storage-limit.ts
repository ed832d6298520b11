import { containerRule } from "../../model/pods";

export const containerEphemeralStorageLimit = containerRule(
  {
    id: "container-ephemeral-storage-limit",
    title: "Containers have a limit on what they write to their node",
    severity: "low",
    description:
      "Logs, files beside the image and volumes of type emptyDir lie on the node's disk. Without a limit one container fills it, and the kubelet evicts its neighbours as well.",
    remediation: 'resources: { limits: { "ephemeral-storage": "1Gi" } } // of every container',
  },
  (container) => {
    const limits = container.get("resources", "limits");
    // Where nothing is limited, the rule on memory says so.
    return !limits.get("memory").exists() || limits.get("ephemeral-storage").exists()
      ? undefined
      : "must set `resources.limits.ephemeral-storage`.";
  },
  (pod) => [...pod.get("initContainers").items(), ...pod.get("containers").items()],
);
