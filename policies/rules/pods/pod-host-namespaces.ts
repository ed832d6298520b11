import { kubernetesControls } from "../../model/aws-controls";
import { cisEks, nsaCisa, podSecurity } from "../../model/controls";
import { podRule } from "../../model/pods";

const SWITCHES = ["hostNetwork", "hostPID", "hostIPC"];

export const podHostNamespaces = podRule(
  {
    id: "pod-host-namespaces",
    title: "Pods stay out of the node's namespaces",
    severity: "critical",
    description:
      "In the node's network, process or IPC namespace a pod sees and reaches what belongs to others.",
    remediation: "spec: { } // without hostNetwork, hostPID and hostIPC",
    controls: [
      podSecurity("baseline", "Host Namespaces"),
      ...kubernetesControls(
        "core_minimize_hostPID_containers",
        "core_minimize_hostIPC_containers",
        "core_minimize_hostNetwork_containers",
      ),
      nsaCisa("C-0038", "Host PID/IPC privileges"),
      nsaCisa("C-0041", "HostNetwork access"),
      cisEks("4.2.2", "Minimize the admission of containers wishing to share the host process ID namespace"),
      cisEks("4.2.3", "Minimize the admission of containers wishing to share the host IPC namespace"),
      cisEks("4.2.4", "Minimize the admission of containers wishing to share the host network namespace"),
    ],
  },
  (pod) => {
    const on = SWITCHES.filter((name) => !pod.get(name).isOff());
    return on.length === 0 ? undefined : `must not set ${on.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
