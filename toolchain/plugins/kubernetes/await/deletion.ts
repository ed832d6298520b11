import { setTimeout as sleep } from "node:timers/promises";
import { ANNOTATIONS, isAnnotated } from "../annotations";
import type { Cluster } from "../client/cluster";
import { refOf } from "../client/cluster";
import { isTransient } from "../client/api-error";
import type { KubeObject } from "../object";
import { describe, listAt } from "../object";
import type { ResourceLog } from "../../shared/provider";
import { conditionsOf, waiting } from "./readiness";
import { NotReady } from "./wait";

const POLL_MS = 250;

/** With these, upstream's `skipAwait` skips the wait for their end too. */
const SKIP_AWAIT_KINDS = new Set([
  "Namespace",
  "Pod",
  "ReplicationController",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
]);

export function skipsDeletionWait(inputs: KubeObject): boolean {
  return isAnnotated(inputs, ANNOTATIONS.skipAwait) && SKIP_AWAIT_KINDS.has(inputs.kind ?? "");
}

/** What keeps an object that is being deleted: its finalizers, or for a namespace what is left inside. */
function whatHolds(live: KubeObject): string {
  const remaining = conditionsOf(live.status)
    .filter(({ type, status }) => status === "True" && /Remaining|Failure/.test(type))
    .map(({ message }) => message);
  const finalizers = listAt(live, "metadata", "finalizers").join(", ");
  const reasons = [...remaining, ...(finalizers ? [`finalizers left: ${finalizers}`] : [])];
  return reasons.join("; ") || "the API server still has it";
}

export interface DeletionOptions {
  readonly cluster: Cluster;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
}

/** Waits until an object is gone. @throws NotReady where it stays */
export async function waitUntilGone(object: KubeObject, options: DeletionOptions): Promise<void> {
  const { cluster, timeoutSeconds, signal, log } = options;
  const started = Date.now();
  let live = object;
  for (;;) {
    try {
      const found = await cluster.find(refOf(object), signal);
      // A new object of the same name is somebody else's.
      const uid = object.metadata?.uid;
      if (!found || (uid && found.metadata?.uid !== uid)) return;
      live = found;
    } catch (error) {
      if (!signal.aborted && !isTransient(error)) throw error;
    }
    const why = waiting(whatHolds(live));
    if (signal.aborted) {
      throw new NotReady(`The wait for the end of ${describe(live)} was cancelled.`, live, why, false);
    }
    if (Date.now() - started >= timeoutSeconds * 1_000) {
      const text = `${describe(live)} was not gone after ${timeoutSeconds} s: ${why.message}.`;
      throw new NotReady(text, live, why, false);
    }
    if (Date.now() - started > 2_000) log.status(`deleting: ${why.message}`);
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
