import { podSecurity } from "../../model/controls";
import type { Field } from "../../model/field";
import { podRule, containersOf } from "../../model/pods";

/** As a text the API server refuses it; what comes of a chart or a configuration may still be one. */
function isZero(user: Field): boolean {
  return user.value() === 0 || user.string() === "0";
}

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
    [pod, ...containersOf(pod)].some((owner) => isZero(owner.get("securityContext", "runAsUser")))
      ? "must not set `securityContext.runAsUser: 0`."
      : undefined,
);
