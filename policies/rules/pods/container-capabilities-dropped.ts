import { kubernetesControls } from "../../model/aws-controls";
import { podSecurity } from "../../model/controls";
import { containerRule, runsOnWindows } from "../../model/pods";

export const containerCapabilitiesDropped = containerRule(
  {
    id: "container-capabilities-dropped",
    title: "Containers drop all Linux capabilities",
    severity: "high",
    description:
      "The runtime's default set holds capabilities that an inference server never needs, raw sockets among them.",
    remediation: 'securityContext: { capabilities: { drop: ["ALL"] } } // in every container',
    controls: [
      podSecurity("restricted", "Capabilities (v1.22+)"),
      ...kubernetesControls(
        "core_minimize_net_raw_capability_admission",
        "core_minimize_containers_capabilities_assigned",
      ),
    ],
  },
  (container, pod) =>
    runsOnWindows(pod) || container.get("securityContext", "capabilities", "drop").strings().includes("ALL")
      ? undefined
      : 'must set `securityContext.capabilities.drop: ["ALL"]`.',
);
