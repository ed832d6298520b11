import { kubernetesControls } from "../../model/aws-controls";
import { nsaCisa, podSecurity } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const containerHostPorts = containerRule(
  {
    id: "container-host-ports",
    title: "Containers take no port of the node",
    severity: "high",
    description:
      "A host port is reachable from the node's own network, past Services and most network policies.",
    remediation: "ports: [{ containerPort: 8000 }] // without hostPort",
    controls: [
      podSecurity("baseline", "Host Ports"),
      ...kubernetesControls("core_minimize_admission_hostport_containers"),
      nsaCisa("C-0044", "Container hostPort"),
    ],
  },
  (container) => {
    const taken = container
      .get("ports")
      .items()
      .map((port) => port.get("hostPort"))
      .filter((port) => port.exists() && port.value() !== 0);
    return taken.length === 0
      ? undefined
      : `must not take host port ${taken.map((port) => port.show()).join(", ")}.`;
  },
);
