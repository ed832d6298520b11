import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterLayout } from "../toolchain/cluster/layout";
import { SlipwayError } from "../toolchain/errors";
import { localDir, writePrivate } from "./local-session";

/** The cluster that the local stack lives on. */
export interface StackCluster {
  /** Path. */
  readonly kubeconfig: string;
  /** @default the kubeconfig's current context */
  readonly context?: string | undefined;
}

const noteFile = () => join(localDir(), "cluster.json");

/** Notes it before the first object is made there: an `up` that fails on its way has no session yet. */
export function noteStackCluster(cluster: StackCluster): void {
  const { kubeconfig, context } = cluster;
  writePrivate(noteFile(), JSON.stringify({ kubeconfig, context, embedded: isEmbedded(cluster) }, null, 2));
}

/** Where the local stack lives, as `up` noted it; undefined where nothing says. */
export function notedStackCluster(): StackCluster | undefined {
  for (const file of [noteFile(), join(localDir(), "session.json")]) {
    if (!existsSync(file)) continue;
    const noted = JSON.parse(readFileSync(file, "utf8")) as StackCluster & { embedded?: boolean };
    // The embedded cluster moves with the state folder.
    if (noted.embedded) return { kubeconfig: clusterLayout().kubeconfig };
    return { kubeconfig: noted.kubeconfig, context: noted.context };
  }
  return undefined;
}

/** Whether the kubeconfig is the one of the cluster that this project starts. */
export const isEmbedded = ({ kubeconfig }: StackCluster): boolean =>
  kubeconfig === clusterLayout().kubeconfig;

/** For sentences. */
export function describeCluster(cluster: StackCluster): string {
  if (isEmbedded(cluster)) return "the embedded cluster";
  const { kubeconfig, context } = cluster;
  return context ? `context ${context} of ${kubeconfig}` : `the current context of ${kubeconfig}`;
}

/** A stack moves nowhere: its objects would stay behind where nothing knows them any more. */
export function assertSameCluster(noted: StackCluster | undefined, asked: StackCluster): void {
  if (noted === undefined) return;
  if (isEmbedded(noted) && isEmbedded(asked)) return;
  if (noted.kubeconfig === asked.kubeconfig && noted.context === asked.context) return;
  throw new SlipwayError(
    `the local stack is on ${describeCluster(noted)}, and \`up\` was asked for ${describeCluster(asked)}; \`npm run down\` first`,
  );
}
