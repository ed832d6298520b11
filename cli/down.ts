import { existsSync } from "node:fs";
import { findCluster, stopCluster } from "../toolchain/cluster";
import { clusterLayout } from "../toolchain/cluster/layout";
import { messageOf } from "../toolchain/errors";
import type { Progress } from "../toolchain/progress";
import { destroy } from "./engine/operations";
import { openStack, removeStackFiles, stackExists } from "./engine/workspace";
import { forgetSession } from "./local-session";
import { LOCAL_PROFILE } from "./profiles";

/** Destroys the stack, then the cluster. True where there was something to take down. */
export async function down(progress: Progress): Promise<boolean> {
  const cluster = await findCluster();
  // A cluster that does not answer any more leaves traces too.
  const hadCluster = existsSync(clusterLayout().root);
  const hadStack = stackExists(LOCAL_PROFILE);
  if (cluster && hadStack) {
    try {
      const stack = await openStack({ profile: LOCAL_PROFILE, kubeconfig: cluster.kubeconfig });
      await stack.cancel().catch(() => undefined);
      await destroy(stack, progress);
    } catch (error) {
      // The cluster holds every resource of this stack and goes next: nothing outlives it.
      progress.note(
        `The stack could not be destroyed in order (${messageOf(error)}); it goes with its cluster.`,
      );
    }
  }
  await stopCluster(progress);
  removeStackFiles(LOCAL_PROFILE);
  forgetSession();
  return hadStack || hadCluster;
}
