import type { ResourceRule } from "../../model/rule";

/** What Kubernetes takes for "no deadline". */
const NEVER = 2147483647;

export const deploymentProgressDeadline: ResourceRule = {
  id: "deployment-progress-deadline",
  title: "A rollout that makes no progress ends",
  severity: "low",
  description:
    "Without a deadline a rollout that cannot start its pods neither succeeds nor fails, and whoever waits for it waits on.",
  remediation: "spec: { progressDeadlineSeconds: 600 } // or leave it out, which means the same",
  types: ["kubernetes:apps/*:Deployment", "kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    const deadline = spec.get("progressDeadlineSeconds");
    const seconds = deadline.number();
    const ready = spec.get("minReadySeconds").number() ?? 0;
    if (seconds === NEVER)
      verdict.fail(subject, `must not set \`progressDeadlineSeconds: ${NEVER}\`, which is never.`);
    else if (seconds !== undefined && seconds <= ready)
      verdict.fail(
        subject,
        `must set \`progressDeadlineSeconds\` (${seconds}) above \`minReadySeconds\` (${ready}).`,
      );
  },
};
