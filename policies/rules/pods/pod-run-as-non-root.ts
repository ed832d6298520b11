import { kubernetesControls } from "../../model/aws-controls";
import { nsaCisa, podSecurity } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const podRunAsNonRoot = containerRule(
  {
    id: "pod-run-as-non-root",
    title: "Containers must not be able to start as root",
    severity: "high",
    description:
      "A container that may start as user 0 is one kernel fault away from the node. `runAsNonRoot` makes the kubelet refuse it.",
    remediation: "securityContext: { runAsNonRoot: true } // in the pod spec, or in every container",
    controls: [
      podSecurity("restricted", "Running as Non-root"),
      ...kubernetesControls("core_minimize_root_containers_admission"),
      nsaCisa("C-0013", "Non-root containers"),
    ],
  },
  (container, pod) => {
    const own = container.get("securityContext", "runAsNonRoot");
    const effective = own.exists() ? own : pod.get("securityContext", "runAsNonRoot");
    return effective.isTrue() ? undefined : "must set `securityContext.runAsNonRoot: true`, or its pod must.";
  },
);
