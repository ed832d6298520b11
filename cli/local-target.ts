import { existsSync } from "node:fs";
import { findCluster } from "../toolchain/cluster";
import type { Progress } from "../toolchain/progress";
import { stackExists } from "./engine/workspace";
import { LOCAL_PROFILE } from "./profiles";
import { describeCluster, isEmbedded, notedStackCluster, notedTarget } from "./stack-cluster";
import { targetOf, type Target } from "./up/target";

/**
 * The cluster that the local stack is compared with: the one that it is on, else the embedded one.
 * @returns undefined where none can be asked
 */
export async function localTarget(
  progress: Progress,
  embedded: typeof findCluster = findCluster,
): Promise<Target | undefined> {
  const noted = stackExists(LOCAL_PROFILE) ? notedStackCluster() : undefined;
  if (noted === undefined || isEmbedded(noted)) {
    const cluster = await embedded();
    return cluster && targetOf(cluster);
  }
  const target = notedTarget();
  if (target && existsSync(target.kubeconfig)) return target;
  const why = target
    ? `there is no kubeconfig at ${target.kubeconfig}; put it back`
    : "its registry was not noted yet; `npm run up` does so";
  progress.note(
    `The stack is on ${describeCluster(noted)}, and is compared with what was last applied alone: ${why}.`,
  );
  return undefined;
}
