import { containerRule } from "../../model/pods";
import { asNumber } from "../../model/scalars";

/** SSH has a rule of its own, `container-ssh-port`. */
const SSH = 22;
const FIRST_FREE = 1024;

export const containerPrivilegedPort = containerRule(
  {
    id: "container-privileged-port",
    title: "Containers listen above port 1023",
    severity: "low",
    description:
      "Unless its runtime lifts the limit a process needs root or a capability for a port below 1024, and the first thing that does not start is the safe one.",
    remediation: "ports: [{ containerPort: 8080 }] // the Service may still offer 80",
  },
  (container) => {
    const low = container
      .get("ports")
      .items()
      .map((port) => asNumber(port.get("containerPort")))
      .filter((port) => port > 0 && port < FIRST_FREE && port !== SSH);
    return low.length === 0 ? undefined : `must listen above port 1023, not on ${low.join(", ")}.`;
  },
);
