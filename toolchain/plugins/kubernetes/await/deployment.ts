import type { KubeObject } from "../object";
import { at, numberAt } from "../object";
import { hopeless } from "./hopeless-pods";
import { conditionOf, failed, isObserved, ready, waiting } from "./readiness";
import type { ReadinessContext, Verdict } from "./readiness";

/**
 * Rolled out: every replica is of the current template, available, and no old one is left. New pods that crash again
 * and again, or have no image, fail it long before Kubernetes' own deadline for progress.
 */
export async function deployment(live: KubeObject, context: ReadinessContext): Promise<Verdict> {
  const verdict = rollout(live);
  if (verdict.state !== "waiting") return verdict;
  const reason = await hopeless(live, context);
  return reason === undefined ? verdict : failed(reason);
}

function rollout(live: KubeObject): Verdict {
  if (!isObserved(live)) return waiting("the controller has not seen the Deployment yet");
  const progressing = conditionOf(live.status, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(`the rollout made no progress within its deadline: ${progressing.message}`);
  }
  if (at(live, "spec", "paused") === true) return ready("paused");
  const wanted = numberAt(live, "spec", "replicas") ?? 1;
  const updated = numberAt(live, "status", "updatedReplicas") ?? 0;
  const total = numberAt(live, "status", "replicas") ?? 0;
  const available = numberAt(live, "status", "availableReplicas") ?? 0;
  if (updated < wanted) return waiting(`${updated} of ${wanted} replicas updated`);
  if (total > updated) return waiting(`${total - updated} old replicas still to end`);
  if (available < wanted) return waiting(`${available} of ${wanted} replicas available`);
  return ready();
}
