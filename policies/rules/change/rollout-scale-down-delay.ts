import type { ResourceRule } from "../../model/rule";

/** Argo's own default, in seconds: long enough for routes to change. */
const LEAST = 30;

export const rolloutScaleDownDelay: ResourceRule = {
  id: "rollout-scale-down-delay",
  title: "After a blue-green switch the old version stays for a while",
  severity: "medium",
  description:
    "Pods of the old version that end at once take requests with them that are still on their way, and the quick way back.",
  remediation: "strategy: { blueGreen: { scaleDownDelaySeconds: 600 } } // 30 where nothing is set",
  types: ["kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const delay = subject.fields.get("spec", "strategy", "blueGreen", "scaleDownDelaySeconds");
    if (!delay.exists()) return;
    const seconds = delay.number();
    if (seconds === undefined || seconds < LEAST) {
      verdict.fail(subject, `must set \`${delay.path}\` to at least ${LEAST}, not ${delay.show()}.`);
    }
  },
};
