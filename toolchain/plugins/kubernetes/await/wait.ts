import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../client/cluster";
import { refOf } from "../client/cluster";
import { isNotFound, isTransient } from "../client/api-error";
import type { KubeObject } from "../object";
import { describe } from "../object";
import type { ResourceLog } from "../../shared/provider";
import type { Readiness, Verdict } from "./readiness";
import { waiting } from "./readiness";

/** First looks follow each other quickly, since most objects are ready at once; later ones spare the API server. */
const FIRST_POLL_MS = 150;
const LONGEST_POLL_MS = 1_000;
const POLL_GROWTH = 1.3;

export interface WaitOptions {
  readonly cluster: Cluster;
  readonly readiness: Readiness;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
}

/** An object exists, but did not become ready. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  constructor(
    message: string,
    /** As last seen. */
    readonly live: KubeObject,
    readonly verdict: Verdict,
    /** False where the wait was cancelled. */
    readonly worthReporting: boolean,
  ) {
    super(message);
  }
}

async function look(object: KubeObject, elapsedMs: number, options: WaitOptions) {
  const { cluster, readiness, signal } = options;
  try {
    const live = await cluster.get(refOf(object), signal);
    if (live.metadata?.uid !== object.metadata?.uid) {
      return { live, verdict: { state: "failed", message: "another object has taken its place" } as const };
    }
    return { live, verdict: await readiness(live, { cluster, signal, elapsedMs }) };
  } catch (error) {
    if (signal.aborted) throw error;
    if (isNotFound(error) && error.details.name === object.metadata?.name) {
      return { live: object, verdict: { state: "failed", message: "it was deleted meanwhile" } as const };
    }
    // An API server that restarts is no reason to give an object up.
    if (isTransient(error) || isNotFound(error))
      return { live: object, verdict: waiting((error as Error).message) };
    throw error;
  }
}

/**
 * Waits until an object is ready and resolves with how it then is.
 * @throws NotReady once its time is up, it failed for good, or the wait was cancelled
 */
export async function waitUntilReady(object: KubeObject, options: WaitOptions): Promise<KubeObject> {
  const { signal, log, timeoutSeconds } = options;
  const started = Date.now();
  let interval = FIRST_POLL_MS;
  let live = object;
  let verdict = waiting("it was not looked at");
  let told = "";
  for (;;) {
    try {
      ({ live, verdict } = await look(live, Date.now() - started, options));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted)
      throw new NotReady(`The wait for ${describe(live)} was cancelled.`, live, verdict, false);
    if (verdict.state === "ready") {
      if (verdict.warning) log.warn(`${describe(live)} ${verdict.warning}`);
      return live;
    }
    const elapsed = Date.now() - started;
    if (verdict.state === "failed") {
      throw new NotReady(`${describe(live)} failed: ${verdict.message}.`, live, verdict, true);
    }
    if (elapsed >= timeoutSeconds * 1_000) {
      const text = `${describe(live)} was not ready after ${timeoutSeconds} s: ${verdict.message}.`;
      throw new NotReady(text, live, verdict, true);
    }
    if (verdict.message !== told) log.status(`waiting: ${verdict.message}`);
    told = verdict.message;
    await sleep(Math.min(interval, timeoutSeconds * 1_000 - elapsed), undefined, { signal }).catch(
      () => undefined,
    );
    interval = Math.min(interval * POLL_GROWTH, LONGEST_POLL_MS);
  }
}
