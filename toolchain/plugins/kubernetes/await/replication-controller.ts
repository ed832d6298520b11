import type { KubeObject } from "../object";
import { numberAt } from "../object";
import { isObserved, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** For ReplicaSets and ReplicationControllers made directly: every replica available. */
export function replicationController(live: KubeObject): Verdict {
  if (!isObserved(live)) return waiting(`the controller has not seen the ${live.kind} yet`);
  const wanted = numberAt(live, "spec", "replicas") ?? 1;
  const available = numberAt(live, "status", "availableReplicas") ?? 0;
  return available >= wanted ? ready() : waiting(`${available} of ${wanted} replicas available`);
}
