import { cisKubernetes, podSecurity } from "../../model/controls";
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
      cisKubernetes(
        "5.2.3",
        "Minimize the admission of containers wishing to share the host process ID namespace",
      ),
      cisKubernetes("5.2.4", "Minimize the admission of containers wishing to share the host IPC namespace"),
      cisKubernetes(
        "5.2.5",
        "Minimize the admission of containers wishing to share the host network namespace",
      ),
    ],
  },
  (pod) => {
    const on = SWITCHES.filter((name) => !pod.get(name).isOff());
    return on.length === 0 ? undefined : `must not set ${on.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
