import type { KubeObject } from "../object";
import { textAt } from "../object";
import { failed, ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

export function persistentVolume(live: KubeObject): Verdict {
  const phase = textAt(live, "status", "phase");
  if (phase === "Available" || phase === "Bound") return ready();
  if (phase === "Failed") return failed(textAt(live, "status", "message") ?? "the volume failed");
  return waiting(`the volume is ${phase ?? "not seen yet"}`);
}
