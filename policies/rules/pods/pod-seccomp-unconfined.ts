import { podSecurity } from "../../model/controls";
import { podRule } from "../../model/pods";

export const podSeccompUnconfined = podRule(
  {
    id: "pod-seccomp-unconfined",
    title: "Seccomp is not turned off for a pod",
    severity: "high",
    description:
      "`Unconfined` for the pod is what each container gets that is added later without a profile of its own.",
    remediation: 'securityContext: { seccompProfile: { type: "RuntimeDefault" } } // in the pod spec',
    controls: [podSecurity("baseline", "Seccomp")],
  },
  (pod) =>
    pod.get("securityContext", "seccompProfile", "type").string() === "Unconfined"
      ? "must not set `securityContext.seccompProfile.type` Unconfined."
      : undefined,
);
