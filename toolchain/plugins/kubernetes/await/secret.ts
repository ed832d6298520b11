import type { KubeObject } from "../object";
import { at, textAt } from "../object";
import { ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** A service account token is filled in by a controller; every other Secret is ready as written. */
export function secret(live: KubeObject): Verdict {
  if (textAt(live, "type") !== "kubernetes.io/service-account-token") return ready();
  return at(live, "data", "token") === undefined ? waiting("the token has not been issued") : ready();
}
