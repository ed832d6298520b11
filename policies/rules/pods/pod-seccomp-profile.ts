import { kubernetesControls } from "../../model/aws-controls";
import { nsaCisa, podSecurity } from "../../model/controls";
import { containerRule, runsOnWindows } from "../../model/pods";

const FILTERED = ["RuntimeDefault", "Localhost"];

export const podSeccompProfile = containerRule(
  {
    id: "pod-seccomp-profile",
    title: "Containers run under a seccomp profile",
    severity: "medium",
    description: "Without a profile every system call of the kernel can be tried.",
    remediation: 'securityContext: { seccompProfile: { type: "RuntimeDefault" } } // in the pod spec',
    controls: [
      podSecurity("restricted", "Seccomp (v1.19+)"),
      ...kubernetesControls("core_seccomp_profile_docker_default"),
      nsaCisa("C-0055", "Linux hardening"),
    ],
  },
  (container, pod) => {
    if (runsOnWindows(pod)) return undefined;
    const own = container.get("securityContext", "seccompProfile", "type");
    const effective = own.exists() ? own : pod.get("securityContext", "seccompProfile", "type");
    return FILTERED.includes(effective.string() ?? "")
      ? undefined
      : "must have `securityContext.seccompProfile.type` RuntimeDefault or Localhost, its own or its pod's.";
  },
);
