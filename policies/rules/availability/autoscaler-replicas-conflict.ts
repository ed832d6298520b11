import type { StackRule } from "../../model/rule";
import { scalersByTarget, scalersOf } from "../../model/scalers";
import { describeSubject } from "../../model/subject";

const SCALED: readonly (readonly [group: string, kind: string])[] = [
  ["apps", "Deployment"],
  ["apps", "StatefulSet"],
  ["argoproj.io", "Rollout"],
];

export const autoscalerReplicasConflict: StackRule = {
  id: "autoscaler-replicas-conflict",
  title: "What is scaled automatically states no replicas",
  severity: "medium",
  description:
    "Each update puts the stated number back, whatever the autoscaler has chosen: a deployment at peak hours then drops to its least.",
  remediation: "spec: { selector, template } // without replicas, where a HorizontalPodAutoscaler sets them",
  types: SCALED.map(([group, kind]) => `kubernetes:${group}/*:${kind}`),
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const scalers = scalersByTarget(stack);
    for (const workload of SCALED.flatMap(([group, kind]) => stack.ofKind(group, kind))) {
      verdict.judge(workload, () => {
        if (workload.ignoreChanges?.includes("spec.replicas")) return;
        // Where the API server has answered, it has filled in a number; what the program gave stands beside.
        const given = workload.fields.get("__inputs");
        const replicas = (given.exists() ? given : workload.fields).get("spec", "replicas");
        if (!replicas.isUnknown && !replicas.exists()) return;
        const [scaler] = scalersOf(workload, scalers);
        if (!scaler || !replicas.exists()) return;
        verdict.fail(
          workload,
          `must not set \`spec.replicas\` (${replicas.show()}): ${describeSubject(scaler)} does.`,
        );
      });
    }
  },
};
