import { SlipwayError } from "../../toolchain/errors";
import { ROLLOUT_LABEL, type ClusterObject, type TrafficCluster } from "../rollout/kubernetes";
import type { ServerPod } from "./pod-door";

const INSTANCE_LABEL = "app.kubernetes.io/instance";
const SERVERS = "app.kubernetes.io/name=slipway-server";

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/**
 * The ready pods of a service: of all slots where it is a Rollout.
 * @param namespace undefined: all of them
 * @throws SlipwayError where there are none, or where services of the name lie in several namespaces
 */
export async function podsOf(
  cluster: Pick<TrafficCluster, "list">,
  service: string,
  namespace: string | undefined,
): Promise<ServerPod[]> {
  const pods = await cluster.list("Pod", namespace, SERVERS);
  const named = pods.filter(
    ({ metadata: { labels = {} } }) =>
      labels[INSTANCE_LABEL] === service || labels[ROLLOUT_LABEL] === service,
  );
  if (named.length === 0) throw new SlipwayError(unknown(service, pods, namespace), 64);
  const namespaces = [...new Set(named.map(({ metadata }) => metadata.namespace!))].sort();
  if (namespaces.length > 1)
    throw new SlipwayError(
      `\`${service}\` has pods in the namespaces ${namespaces.join(", ")}; \`--namespace\` says which is meant`,
      64,
    );
  const ready = named.filter(isReady);
  if (ready.length === 0) throw new SlipwayError(`no pod of \`${service}\` is ready; nothing can be asked`);
  return ready.map(({ metadata: { name, labels } }) => ({
    namespace: namespaces[0]!,
    name,
    service: labels![INSTANCE_LABEL]!,
  }));
}

function isReady({ status }: ClusterObject): boolean {
  const { phase, conditions = [] } = (status ?? {}) as PodStatus;
  return phase === "Running" && conditions.some((each) => each.type === "Ready" && each.status === "True");
}

function unknown(service: string, pods: readonly ClusterObject[], namespace: string | undefined): string {
  const names = pods.flatMap(
    ({ metadata: { labels = {} } }) => labels[ROLLOUT_LABEL] ?? labels[INSTANCE_LABEL] ?? [],
  );
  const known = [...new Set(names)].sort().map((name) => `\`${name}\``);
  const where = namespace === undefined ? "" : ` in the namespace ${namespace}`;
  return `\`${service}\` is no service with pods${where}; ${known.length > 0 ? `there are: ${known.join(", ")}` : "there are none"}`;
}
