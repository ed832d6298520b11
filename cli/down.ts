import { existsSync } from "node:fs";
import { findCluster, stopCluster } from "../toolchain/cluster";
import { clusterLayout } from "../toolchain/cluster/layout";
import { messageOf, SlipwayError } from "../toolchain/errors";
import type { Progress } from "../toolchain/progress";
import { destroy } from "./engine/operations";
import { openStack, removeStackFiles, stackExists } from "./engine/workspace";
import { forgetSession } from "./local-session";
import { LOCAL_PROFILE } from "./profiles";
import { describeCluster, isEmbedded, notedStackCluster, type StackCluster } from "./stack-cluster";

export interface DownOptions {
  /** Gives up a stack on an existing cluster that is gone, instead of destroying it. @default false */
  forget?: boolean;
}

/** What it works with; for tests. */
export interface DownParts {
  readonly findCluster: () => Promise<{ readonly kubeconfig: string } | undefined>;
  readonly stopCluster: (progress: Progress) => Promise<unknown>;
  /** Destroys the stack that is on that cluster. */
  readonly destroyStack: (cluster: StackCluster, progress: Progress) => Promise<void>;
}

const realParts: DownParts = { findCluster, stopCluster, destroyStack };

/** Destroys the stack, then the cluster. True where there was something to take down. */
export async function down(
  progress: Progress,
  { forget = false }: DownOptions = {},
  parts = realParts,
): Promise<boolean> {
  // A cluster that does not answer any more leaves traces too.
  const hadCluster = existsSync(clusterLayout().root);
  const hadStack = stackExists(LOCAL_PROFILE);
  if (hadStack) {
    const noted = notedStackCluster();
    if (noted && !isEmbedded(noted)) {
      if (forget) progress.note(`The stack on ${describeCluster(noted)} is forgotten, not destroyed.`);
      else await destroyElsewhere(noted, progress, parts);
    } else await destroyEmbedded(progress, parts);
  }
  await parts.stopCluster(progress);
  removeStackFiles(LOCAL_PROFILE);
  forgetSession();
  return hadStack || hadCluster;
}

async function destroyEmbedded(progress: Progress, parts: DownParts): Promise<void> {
  const cluster = await parts.findCluster();
  if (!cluster) return;
  try {
    await parts.destroyStack({ kubeconfig: cluster.kubeconfig }, progress);
  } catch (error) {
    // The cluster holds every resource of this stack and goes next: nothing outlives it.
    progress.note(
      `The stack could not be destroyed in order (${messageOf(error)}); it goes with its cluster.`,
    );
  }
}

/** Nobody stops that cluster: without the state, nothing would know any more what the stack has made there. */
async function destroyElsewhere(cluster: StackCluster, progress: Progress, parts: DownParts): Promise<void> {
  try {
    if (!existsSync(cluster.kubeconfig)) throw new SlipwayError(`there is no file ${cluster.kubeconfig}`);
    await parts.destroyStack(cluster, progress);
  } catch (error) {
    throw new SlipwayError(
      `the stack on ${describeCluster(cluster)} is not destroyed, and its state is kept: ${messageOf(error)}; ` +
        "mend that and run `npm run down` again, or, where that cluster is gone, `npx slipway down --forget`",
    );
  }
}

async function destroyStack({ kubeconfig, context }: StackCluster, progress: Progress): Promise<void> {
  const stack = await openStack({ profile: LOCAL_PROFILE, kubeconfig, context, keepConfig: true });
  // We hold the machine's only lock, so a lock in the state is what a killed run left behind.
  await stack.cancel().catch(() => undefined);
  await destroy(stack, progress);
}
