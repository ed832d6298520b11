import { gvkOf } from "../kinds";
import type { KubeObject } from "../object";
import { at, listAt, namespaceOf, numberAt, textAt } from "../object";
import type { ReadinessContext } from "./readiness";
import { selectorText } from "./readiness";

const POD = gvkOf("v1", "Pod");
const REPLICA_SET = gvkOf("apps/v1", "ReplicaSet");
const REVISION = "deployment.kubernetes.io/revision";
const TEMPLATE_HASH = "pod-template-hash";

/** What a pod needs may come with the same update, a little later: no crash counts before. In milliseconds. */
const SETTLE_MS = 45_000;
/** A container that ended so often for the same cause will not do otherwise the next time. */
const MOST_RESTARTS = 3;
/** Registries are sometimes out of reach for a moment; an image that is still not there is nowhere. In milliseconds. */
const PULL_PATIENCE_MS = 90_000;
/** The API server's clock and ours, in milliseconds. */
const CLOCKS_DIFFER_MS = 5_000;
const NO_IMAGE = new Set(["ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);

/**
 * Why the newest pods of a Deployment will not start however long they are waited for: one of them has a container that
 * keeps ending with an error, or whose image cannot be had. `undefined` where that is not so.
 */
export async function hopeless(live: KubeObject, context: ReadinessContext): Promise<string | undefined> {
  if (context.elapsedMs < SETTLE_MS) return undefined;
  const labelSelector = selectorText(at(live, "spec", "selector"));
  if (labelSelector === undefined) return undefined;
  const { cluster, signal } = context;
  const list = (kind: typeof POD) => cluster.list(kind, namespaceOf(live), { labelSelector }, signal);
  const hash = newestTemplate(live, await list(REPLICA_SET));
  if (hash === undefined) return undefined;
  const pods = (await list(POD)).filter((pod) => pod.metadata?.labels?.[TEMPLATE_HASH] === hash);
  return firstReason(pods, context);
}

/**
 * The same for a custom resource whose controller makes pods, and tells in `status.selector` which, as the scale subresource has it:
 * its own conditions say that pods are missing, not why. Only pods that were made since the wait began count.
 */
export async function hopelessCustomResource(
  live: KubeObject,
  context: ReadinessContext,
): Promise<string | undefined> {
  const labelSelector = textAt(live, "status", "selector");
  if (!labelSelector || context.elapsedMs < SETTLE_MS || context.elapsedMs === Infinity) return undefined;
  const pods = await context.cluster.list(POD, namespaceOf(live), { labelSelector }, context.signal);
  const begin = Date.now() - context.elapsedMs - CLOCKS_DIFFER_MS;
  const since = pods.filter(({ metadata }) => Date.parse(metadata?.creationTimestamp ?? "") >= begin);
  return firstReason(since, context);
}

function firstReason(pods: readonly KubeObject[], context: ReadinessContext): string | undefined {
  for (const pod of pods) {
    const crashing = statusesOf(pod).find(isCrashing);
    if (crashing) {
      const restarts = numberAt(crashing, "restartCount") ?? 0;
      return `${named(crashing, pod)} keeps ending with an error (${restarts} restarts)`;
    }
    const waiting = withoutImage(pod, context);
    if (waiting !== undefined) return waiting;
  }
  return undefined;
}

/** Why the pods of a Job will not start however long they are waited for; it says itself when they have ended. */
export async function hopelessJob(live: KubeObject, context: ReadinessContext): Promise<string | undefined> {
  if (context.elapsedMs < PULL_PATIENCE_MS) return undefined;
  const labelSelector = `batch.kubernetes.io/job-name=${live.metadata?.name}`;
  const pods = await context.cluster.list(POD, namespaceOf(live), { labelSelector }, context.signal);
  return pods.map((pod) => withoutImage(pod, context)).find((why) => why !== undefined);
}

function withoutImage(pod: KubeObject, { elapsedMs }: ReadinessContext): string | undefined {
  if (elapsedMs < PULL_PATIENCE_MS) return undefined;
  const waiting = statusesOf(pod).find((status) =>
    NO_IMAGE.has(textAt(status, "state", "waiting", "reason") ?? ""),
  );
  return waiting === undefined ? undefined : `${named(waiting, pod)} cannot get its image`;
}

function statusesOf(pod: KubeObject): unknown[] {
  return [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
}

const named = (status: unknown, pod: KubeObject): string =>
  `container "${textAt(status, "name")}" of Pod "${pod.metadata?.name}"`;

/** Pods of older templates go on serving, or crashing, and tell nothing about the new one. */
function newestTemplate(live: KubeObject, replicaSets: readonly KubeObject[]): string | undefined {
  const revision = live.metadata?.annotations?.[REVISION];
  const newest = replicaSets.find(
    ({ metadata }) =>
      metadata?.annotations?.[REVISION] === revision &&
      metadata?.ownerReferences?.some(({ uid }) => uid === live.metadata?.uid),
  );
  return revision === undefined ? undefined : newest?.metadata?.labels?.[TEMPLATE_HASH];
}

function isCrashing(status: unknown): boolean {
  const ended = at(status, "state", "terminated") ?? at(status, "lastState", "terminated");
  const isUp = at(status, "ready") === true || at(status, "state", "running") !== undefined;
  const exitCode = numberAt(ended, "exitCode") ?? 0;
  return !isUp && exitCode !== 0 && (numberAt(status, "restartCount") ?? 0) >= MOST_RESTARTS;
}
