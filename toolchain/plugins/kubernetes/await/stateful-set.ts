import type { KubeObject } from "../object";
import { numberAt, textAt } from "../object";
import { isObserved, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** Every replica ready, and of the newest revision except where the update strategy holds some back. */
export function statefulSet(live: KubeObject): Verdict {
  if (!isObserved(live)) return waiting("the controller has not seen the StatefulSet yet");
  const wanted = numberAt(live, "spec", "replicas") ?? 1;
  const readyReplicas = numberAt(live, "status", "readyReplicas") ?? 0;
  if (readyReplicas < wanted) return waiting(`${readyReplicas} of ${wanted} replicas ready`);
  // With OnDelete, pods change only when somebody deletes them.
  if (textAt(live, "spec", "updateStrategy", "type") === "OnDelete") return ready();
  const heldBack = numberAt(live, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const due = Math.max(0, wanted - heldBack);
  const updated = numberAt(live, "status", "updatedReplicas") ?? 0;
  const current = textAt(live, "status", "currentRevision");
  const newest = textAt(live, "status", "updateRevision");
  if (current !== newest && updated < due) return waiting(`${updated} of ${due} replicas updated`);
  return ready();
}
