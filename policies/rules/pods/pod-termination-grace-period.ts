import { LONG_RUNNING_TYPES, podRule } from "../../model/pods";

export const podTerminationGracePeriod = podRule(
  {
    id: "pod-termination-grace-period",
    title: "Pods get time to finish what they began",
    severity: "low",
    description: "With a grace period of 0 every rollout and every drain cuts off the requests in flight.",
    remediation: "terminationGracePeriodSeconds: 30 // or leave it out, which means the same",
    types: LONG_RUNNING_TYPES,
  },
  (pod) =>
    pod.get("terminationGracePeriodSeconds").value() === 0
      ? "must not set `terminationGracePeriodSeconds: 0`."
      : undefined,
);
