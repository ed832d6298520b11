import { nsaCisa } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const containerCpuLimit = containerRule(
  {
    id: "container-cpu-limit",
    title: "Containers have a CPU limit",
    severity: "low",
    description:
      "Without a limit one container can take every idle core of its node; what latency was measured there was a neighbour's gift. Where CPU is not asked for at all, the rule on requests says so.",
    remediation: 'resources: { limits: { cpu: "2" } } // of every container',
    controls: [nsaCisa("C-0270", "Ensure CPU limits are set")],
  },
  (container) => {
    const resources = container.get("resources");
    if (resources.get("limits", "cpu").exists() || !resources.get("requests", "cpu").exists())
      return undefined;
    return "must set `resources.limits.cpu`.";
  },
  (pod) => [...pod.get("initContainers").items(), ...pod.get("containers").items()],
);
