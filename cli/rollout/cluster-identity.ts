import type { TrafficCluster } from "./kubernetes";
import type { RecordHead } from "./traffic-store";

/**
 * What tells a cluster from the one made anew in its place: nobody can remove `kube-system`, nor choose a UID
 * (as `k8s.cluster.uid` of OpenTelemetry's semantic conventions). Undefined where the cluster does not tell: whoever switches traffic need
 * not be allowed to read it.
 */
export async function clusterIdentity(cluster: Pick<TrafficCluster, "find">): Promise<string | undefined> {
  const namespace = await cluster.find("Namespace", undefined, "kube-system").catch(() => undefined);
  return namespace?.metadata.uid;
}

/**
 * Whether an entry was noted that only a cluster held which is no more: its record went with it, and nobody cut it off.
 * @param identity of the cluster that there is
 */
export const isOfFormerCluster = (head: RecordHead | undefined, identity: string | undefined): boolean =>
  head?.cluster !== undefined && identity !== undefined && head.cluster !== identity;
