import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster, ClusterImage } from "./cluster";
import type { Layout } from "./layout";
import { authorizedUrl, ensureMonitoringCredentials } from "./monitoring-credentials";
import { NODE_IP, REGISTRY } from "./settings";
import { writeIfChanged } from "./write-file";

/** What one run of `up` leaves for those after it. */
export interface ClusterRecord {
  readonly gatewayPort: number;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  readonly images: Readonly<Record<ClusterImage, string>>;
}

const recordPath = (layout: Layout) => join(layout.root, "cluster.json");

export function writeClusterRecord(layout: Layout, record: ClusterRecord): void {
  writeIfChanged(recordPath(layout), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

export function readClusterRecord(layout: Layout): ClusterRecord | undefined {
  const path = recordPath(layout);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ClusterRecord;
  } catch {
    return undefined;
  }
}

export function clusterFrom(layout: Layout, record: ClusterRecord, keptStore: boolean): Cluster {
  const credentials = ensureMonitoringCredentials(layout);
  return {
    kubeconfig: layout.kubeconfig,
    nodeIp: NODE_IP,
    registry: REGISTRY,
    gatewayPort: record.gatewayPort,
    prometheusUrl: authorizedUrl(record.prometheusPort, credentials),
    alertmanagerUrl: authorizedUrl(record.alertmanagerPort, credentials),
    images: record.images,
    keptStore,
  };
}
