import type { KubeObject } from "../object";
import { textAt } from "../object";
import { conditionOf, conditionText, failed, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** Ready, or run to its end. */
export function pod(live: KubeObject): Verdict {
  const phase = textAt(live, "status", "phase");
  if (phase === "Succeeded") return ready("succeeded");
  if (phase === "Failed") {
    const why = textAt(live, "status", "message") ?? textAt(live, "status", "reason");
    return failed(`the Pod failed${why ? `: ${why}` : ""}`);
  }
  const condition = conditionOf(live.status, "Ready");
  if (condition?.status === "True") return ready();
  const unscheduled = conditionOf(live.status, "PodScheduled");
  if (unscheduled?.status === "False") return waiting(conditionText(unscheduled));
  return waiting(condition ? conditionText(condition) : `the Pod is ${phase ?? "not started"}`);
}
