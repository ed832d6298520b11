import { nsaCisa } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const containerMemoryLimit = containerRule(
  {
    id: "container-memory-limit",
    title: "Containers have a memory limit",
    severity: "medium",
    description:
      "Without a limit one container's leak, or one oversized model, takes the memory of everything on its node.",
    remediation: 'resources: { limits: { memory: "1Gi" } } // in every container',
    controls: [nsaCisa("C-0271", "Ensure memory limits are set")],
  },
  (container) =>
    container.get("resources", "limits", "memory").exists()
      ? undefined
      : "must set `resources.limits.memory`.",
  (pod) => [...pod.get("initContainers").items(), ...pod.get("containers").items()],
);
