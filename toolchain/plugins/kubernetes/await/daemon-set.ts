import type { KubeObject } from "../object";
import { numberAt, textAt } from "../object";
import { isObserved, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** A pod of the current template is available on every node that should have one. */
export function daemonSet(live: KubeObject): Verdict {
  if (!isObserved(live)) return waiting("the controller has not seen the DaemonSet yet");
  const wanted = numberAt(live, "status", "desiredNumberScheduled") ?? 0;
  const updated = numberAt(live, "status", "updatedNumberScheduled") ?? 0;
  const available = numberAt(live, "status", "numberAvailable") ?? 0;
  const rolling = textAt(live, "spec", "updateStrategy", "type") !== "OnDelete";
  if (rolling && updated < wanted) return waiting(`${updated} of ${wanted} nodes have the new pod`);
  if (available < wanted) return waiting(`the pod is available on ${available} of ${wanted} nodes`);
  return ready();
}
