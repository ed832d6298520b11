import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterLayout } from "../toolchain/cluster/layout";
import { SlipwayError } from "../toolchain/errors";
import { localDir, writePrivate } from "./local-session";
import type { Target } from "./up/target";

/** The cluster that the local stack lives on. */
export interface StackCluster {
  /** Path. */
  readonly kubeconfig: string;
  /** @default the kubeconfig's current context */
  readonly context?: string | undefined;
}

const noteFile = () => join(localDir(), "cluster.json");

/** How the stack is laid on a cluster that was there: what a preview cannot ask anybody for. */
type Layout = Pick<Target, "registry" | "runtimeImage" | "config">;

interface Note extends StackCluster, Partial<Layout> {
  readonly embedded?: boolean;
}

/** Notes it before the first object is made there: an `up` that fails on its way has no session yet. */
export function noteStackCluster(cluster: StackCluster & Partial<Layout>): void {
  const { kubeconfig, context, registry, runtimeImage, config } = cluster;
  const embedded = isEmbedded(cluster);
  const note: Note = {
    kubeconfig,
    context,
    embedded,
    // The embedded one says itself what it has.
    ...(embedded ? {} : { registry, runtimeImage, config }),
  };
  writePrivate(noteFile(), JSON.stringify(note, null, 2));
}

/** How the stack was laid on a cluster that was there; undefined for the embedded one, and for notes of earlier releases. */
export function notedTarget(): Target | undefined {
  if (!existsSync(noteFile())) return undefined;
  const { kubeconfig, context, embedded, registry, runtimeImage, config } = JSON.parse(
    readFileSync(noteFile(), "utf8"),
  ) as Note;
  if (embedded || registry === undefined || config === undefined) return undefined;
  return { kubeconfig, context, registry, runtimeImage, config };
}

/** Where the local stack lives, as `up` noted it; undefined where nothing says. */
export function notedStackCluster(): StackCluster | undefined {
  for (const file of [noteFile(), join(localDir(), "session.json")]) {
    if (!existsSync(file)) continue;
    const noted = JSON.parse(readFileSync(file, "utf8")) as Note;
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
