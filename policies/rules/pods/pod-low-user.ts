import type { Field } from "../../model/field";
import { containersOf, podRule } from "../../model/pods";

/** Up to here hosts have users and groups of their own. */
const HIGHEST_OF_HOSTS = 10_000;
const KEYS = ["runAsUser", "runAsGroup"];

/** @throws UnknownRead */
function lowIn(owner: Field): string | undefined {
  for (const key of KEYS) {
    const id = owner.get("securityContext", key).number();
    // Root has rules of its own.
    if (id !== undefined && id > 0 && id <= HIGHEST_OF_HOSTS) return `\`${key}\` (${id})`;
  }
  return undefined;
}

export const podLowUser = podRule(
  {
    id: "pod-low-user",
    title: "Pods run as users and groups that no host has",
    severity: "low",
    description:
      "Numbers up to 10000 are often somebody's on the node; a process that breaks out of its container has what that user has there.",
    remediation: "securityContext: { runAsUser: 10001, runAsGroup: 10001 }",
  },
  (pod) => {
    const low = [pod, ...containersOf(pod)].map(lowIn).find((found) => found !== undefined);
    return low && `must set ${low} above ${HIGHEST_OF_HOSTS}.`;
  },
);
