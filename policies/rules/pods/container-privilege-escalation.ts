import { kubernetesControls } from "../../model/aws-controls";
import { cisEks, nsaCisa, podSecurity } from "../../model/controls";
import { containerRule, runsOnWindows } from "../../model/pods";

export const containerPrivilegeEscalation = containerRule(
  {
    id: "container-privilege-escalation",
    title: "No privilege escalation in containers",
    severity: "high",
    description:
      "Unless it is switched off, a process can gain more privileges than its parent, by a set-uid binary for instance.",
    remediation: "securityContext: { allowPrivilegeEscalation: false } // in every container",
    controls: [
      podSecurity("restricted", "Privilege Escalation (v1.8+)"),
      ...kubernetesControls("core_minimize_allowPrivilegeEscalation_containers"),
      nsaCisa("C-0016", "Allow privilege escalation"),
      cisEks("4.2.5", "Minimize the admission of containers with allowPrivilegeEscalation"),
    ],
  },
  (container, pod) =>
    runsOnWindows(pod) || container.get("securityContext", "allowPrivilegeEscalation").value() === false
      ? undefined
      : "must set `securityContext.allowPrivilegeEscalation: false`.",
);
