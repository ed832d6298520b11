import { kubernetesControls } from "../../model/aws-controls";
import { cisEks, nsaCisa, podSecurity } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const containerPrivileged = containerRule(
  {
    id: "container-privileged",
    title: "No privileged containers",
    severity: "critical",
    description: "A privileged container has every device and capability of its node.",
    remediation: "securityContext: { privileged: false } // or leave it out",
    controls: [
      podSecurity("baseline", "Privileged Containers"),
      ...kubernetesControls("core_minimize_privileged_containers"),
      nsaCisa("C-0057", "Privileged container"),
      cisEks("4.2.1", "Minimize the admission of privileged containers"),
    ],
  },
  (container) =>
    container.get("securityContext", "privileged").isOff() ? undefined : "must not be privileged.",
);
