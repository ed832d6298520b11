import type { KubeObject } from "../object";
import { conditionOf, conditionText, failed, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** Served by the API server, so that objects of the new kind can follow at once. */
export function customResourceDefinition(live: KubeObject): Verdict {
  const names = conditionOf(live.status, "NamesAccepted");
  if (names?.status === "False") return failed(conditionText(names));
  const established = conditionOf(live.status, "Established");
  if (established?.status === "True") return ready();
  return waiting(established ? conditionText(established) : "the API server has not taken the definition up");
}
