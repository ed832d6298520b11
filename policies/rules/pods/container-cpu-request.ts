import { nsaCisa } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const containerCpuRequest = containerRule(
  {
    id: "container-cpu-request",
    title: "Containers request CPU",
    severity: "low",
    description:
      "The scheduler packs pods by their requests, and autoscaling by utilisation divides by them.",
    remediation: 'resources: { requests: { cpu: "500m" } } // in every container',
    controls: [nsaCisa("C-0270", "Ensure CPU limits are set")],
  },
  (container) =>
    ["requests", "limits"].some((kind) => container.get("resources", kind, "cpu").exists())
      ? undefined
      : "must set `resources.requests.cpu`, or a limit that stands for it.",
  (pod) => [...pod.get("initContainers").items(), ...pod.get("containers").items()],
);
