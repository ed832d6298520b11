import type { Task } from "../../progress";
import type { KubernetesApi } from "../kubernetes-api";
import { waitFor } from "../wait";
import { ENVOY_GATEWAY_NAMESPACE } from "./envoy-gateway";
import { unready, type DeploymentName } from "./ready";

/** How long proxies may take to come back; an update says why those that do not are missing. */
const PROXIES_MS = 30_000;
/** How long Envoy Gateway may take to say what it found. */
const SAID_MS = 2_000;
/** How often it is made to look. */
const LOOKS = 3;
const POLL_MS = 250;

const OWNER = "gateway.envoyproxy.io/owning-gateway-";
const LOOKED_AT = "serving.slipway.dev/looked-at";

interface Proxies {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

interface Gateway {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * Has Envoy Gateway say anew of gateways whose proxies serve that they do. Version 1.9 looks at a gateway's Deployment when that or
 * an endpoint changes; when an API server comes back it may see them in the wrong order, find "Envoy replicas unavailable", and
 * then say so until something changes again, while every update waits for the opposite.
 * @param cameBack whether the API server is new, and proxies may be on their way
 * @param saidMs milliseconds that Envoy Gateway may take to say what it found
 */
export async function refreshGatewayStatus(
  api: KubernetesApi,
  cameBack: boolean,
  task: Task,
  saidMs = SAID_MS,
): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${ENVOY_GATEWAY_NAMESPACE}/deployments?labelSelector=${OWNER}name`;
  const all = (await api.list<Proxies>(path)).map(({ metadata }) => metadata);
  if (all.length === 0) return;
  task.update("waiting for the gateway's proxies");
  let missing: readonly DeploymentName[] = all;
  const allServe = async () => (missing = await unready(api, missing)).length === 0;
  await waitFor(allServe, cameBack ? PROXIES_MS : 0, POLL_MS);
  const serving = all.filter((proxies) => !missing.includes(proxies));
  await Promise.all(serving.map((proxies) => refresh(api, proxies, task, saidMs)));
}

async function refresh(
  api: KubernetesApi,
  proxies: Proxies["metadata"],
  task: Task,
  saidMs: number,
): Promise<void> {
  const { name, namespace, labels = {} } = proxies;
  const gateway = `/apis/gateway.networking.k8s.io/v1/namespaces/${labels[`${OWNER}namespace`]}/gateways/${labels[`${OWNER}name`]}`;
  for (let look = 0; look < LOOKS; look++) {
    if (await waitFor(() => isProgrammed(api, gateway), saidMs, POLL_MS)) return;
    task.update("having the gateway's status written anew");
    const annotations = { [LOOKED_AT]: new Date().toISOString() };
    const seen = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, annotations } };
    // Where it is gone meanwhile, so is what would be waited for.
    await api.apply(seen).catch(() => undefined);
  }
}

/** Also where there is no such gateway any more. */
async function isProgrammed(api: KubernetesApi, path: string): Promise<boolean> {
  const gateway = await api.get<Gateway>(path);
  const conditions = gateway?.status?.conditions ?? [];
  return (
    gateway === undefined || conditions.some(({ type, status }) => type === "Programmed" && status === "True")
  );
}
