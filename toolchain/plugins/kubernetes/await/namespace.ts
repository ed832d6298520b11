import type { KubeObject } from "../object";
import { textAt } from "../object";
import { failed, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

export function namespace(live: KubeObject): Verdict {
  const phase = textAt(live, "status", "phase");
  if (phase === "Active") return ready();
  return phase === "Terminating"
    ? failed("the Namespace is being deleted")
    : waiting("the Namespace is not active");
}
