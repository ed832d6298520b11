import { LONG_RUNNING_TYPES, podRule } from "../../model/pods";

export const podRestartPolicy = podRule(
  {
    id: "pod-restart-policy",
    title: "Pods that are meant to run on are started again",
    severity: "medium",
    description:
      "The API server refuses any other policy in a Deployment and the like; of a custom resource the pod ends and stays ended.",
    remediation: 'restartPolicy: "Always" // or leave it out, which means the same',
    types: LONG_RUNNING_TYPES,
  },
  (pod) => {
    const policy = pod.get("restartPolicy");
    return !policy.exists() || policy.value() === "Always"
      ? undefined
      : `must leave out \`restartPolicy\` or set it to "Always" (given: ${policy.show()}).`;
  },
);
