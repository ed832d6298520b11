import type { KubeObject } from "../object";
import { listAt } from "../object";
import { ready, waiting } from "./readiness";
import type { Verdict } from "./readiness";

/** A controller has taken the Ingress up and given it an address. */
export function ingress(live: KubeObject): Verdict {
  const addresses = listAt(live, "status", "loadBalancer", "ingress");
  return addresses.length > 0 ? ready() : waiting("no ingress controller has given the Ingress an address");
}
