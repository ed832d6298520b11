import { podSecurity } from "../../model/controls";
import { podRule, containersOf } from "../../model/pods";

export const podRunAsUserZero = podRule(
  {
    id: "pod-run-as-user-zero",
    title: "No user id 0 in a security context",
    severity: "high",
    description: "`runAsUser: 0` asks for root by number, whatever user the image names.",
    remediation: "securityContext: { runAsUser: 65532 } // or leave it to the image's own non-root user",
    controls: [podSecurity("restricted", "Running as Non-root user (v1.23+)")],
  },
  (pod) =>
    [pod, ...containersOf(pod)].some((owner) => owner.get("securityContext", "runAsUser").value() === 0)
      ? "must not set `securityContext.runAsUser: 0`."
      : undefined,
);
