import { cisKubernetes, podSecurity } from "../../model/controls";
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
      cisKubernetes("5.2.2", "Minimize the admission of privileged containers"),
    ],
  },
  (container) =>
    container.get("securityContext", "privileged").isOff() ? undefined : "must not be privileged.",
);
