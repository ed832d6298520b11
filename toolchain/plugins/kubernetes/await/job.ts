import type { KubeObject } from "../object";
import { at, numberAt } from "../object";
import { hopelessJob } from "./hopeless-pods";
import { conditionOf, failed, ready, waiting } from "./readiness";
import type { ReadinessContext, Verdict } from "./readiness";

/** Complete. A suspended Job counts as ready, since it will not run until somebody resumes it. */
export function jobState(live: KubeObject): Verdict {
  const failure = conditionOf(live.status, "Failed");
  if (failure?.status === "True") return failed(`the Job failed: ${failure.message || failure.reason}`);
  if (conditionOf(live.status, "Complete")?.status === "True") return ready();
  if (at(live, "spec", "suspend") === true) return ready("suspended");
  const done = numberAt(live, "status", "succeeded") ?? 0;
  const wanted = numberAt(live, "spec", "completions") ?? 1;
  return waiting(`${done} of ${wanted} completions`);
}

/** The same, and failed where its pod cannot even begin. */
export async function job(live: KubeObject, context: ReadinessContext): Promise<Verdict> {
  const state = jobState(live);
  if (state.state !== "waiting") return state;
  const hopeless = await hopelessJob(live, context);
  return hopeless === undefined ? state : failed(hopeless);
}
