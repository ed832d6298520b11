import { gvkOf } from "../kinds";
import type { KubeObject } from "../object";
import { at, listAt, nameOf, namespaceOf, textAt } from "../object";
import { ready, waiting } from "./readiness";
import type { ReadinessContext, Verdict } from "./readiness";

const ENDPOINT_SLICE = gvkOf("discovery.k8s.io/v1", "EndpointSlice");

/** A selector that matches no pod at all for so long is meant: a slot that is scaled to zero. The official value. */
const NO_PODS_SETTLE_MS = 10_000;

function selectsPods(live: KubeObject): boolean {
  if (textAt(live, "spec", "type") === "ExternalName") return false;
  if (textAt(live, "spec", "clusterIP") === "None") return false;
  return Object.keys((at(live, "spec", "selector") as object | undefined) ?? {}).length > 0;
}

/** At least one ready pod behind the Service, and an address where a load balancer is to give one. */
export async function service(live: KubeObject, context: ReadinessContext): Promise<Verdict> {
  if (textAt(live, "spec", "type") === "LoadBalancer") {
    const addresses = listAt(live, "status", "loadBalancer", "ingress");
    if (addresses.length === 0) return waiting("no load balancer has given the Service an address");
  }
  if (!selectsPods(live)) return ready();
  const labelSelector = `kubernetes.io/service-name=${nameOf(live)}`;
  const slices = await context.cluster.list(
    ENDPOINT_SLICE,
    namespaceOf(live),
    { labelSelector },
    context.signal,
  );
  const endpoints = slices.flatMap((slice) => [...listAt(slice, "endpoints")]);
  // Absent means ready: an endpoint's conditions are optional.
  const serving = endpoints.filter((endpoint) => at(endpoint, "conditions", "ready") !== false);
  if (serving.length > 0) return ready();
  if (endpoints.length > 0)
    return waiting(`none of the ${endpoints.length} pods behind the Service is ready`);
  if (context.elapsedMs >= NO_PODS_SETTLE_MS) return ready("no pod is selected");
  return waiting("no pod matches `spec.selector` yet");
}
