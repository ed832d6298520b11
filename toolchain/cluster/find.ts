import { existsSync } from "node:fs";
import { clusterFrom, readClusterRecord } from "./cluster-record";
import type { Cluster } from "./cluster";
import { KubernetesApi } from "./kubernetes-api";
import { clusterLayout } from "./layout";
import { loadCredential } from "./certificates";

/** The embedded cluster of this state folder, where one is up and its API answers within 2 s. */
export async function findCluster(): Promise<Cluster | undefined> {
  const layout = clusterLayout();
  const record = readClusterRecord(layout);
  const [ca, admin] = [loadCredential(layout.pki, "ca"), loadCredential(layout.pki, "admin")];
  if (!record || !ca || !admin || !existsSync(layout.kubeconfig)) return undefined;
  const api = new KubernetesApi(ca, admin);
  try {
    return (await api.isReady()) ? clusterFrom(layout, record, true) : undefined;
  } finally {
    api.close();
  }
}
