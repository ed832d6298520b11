import { PartialFailure } from "../../shared/provider";
import type { ResourceLog } from "../../shared/provider";
import type { Properties } from "../../shared/values";
import { timeoutSeconds } from "../annotations";
import { patience } from "../await";
import type { Readiness } from "../await/readiness";
import { NotReady, waitUntilReady } from "../await/wait";
import { toOutputs } from "../checkpoint";
import type { Cluster } from "../client/cluster";
import { failureReport } from "../failure-report";
import type { KubeObject } from "../object";
import { idOf, toObject } from "../object";

/** An object as it was just stored, and what the state must remember of it. */
export interface Stored {
  readonly cluster: Cluster;
  readonly live: KubeObject;
  readonly inputs: Properties;
  readonly initialApiVersion: string;
  readonly fieldManager: string;
}

interface Operation {
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
  /** The resource option; 0 for none. */
  readonly timeoutSeconds: number;
}

/** Longest that a report may take; it comes on top of a wait that took long already. */
const REPORT_MS = 10_000;

/** An object that exists but is not ready: the state keeps it, and the next update tries again. */
export async function partialFailure(stored: Stored, error: NotReady): Promise<PartialFailure> {
  const signal = AbortSignal.timeout(REPORT_MS);
  const lines = error.worthReporting ? await failureReport(stored.cluster, error.live, signal) : [];
  return new PartialFailure([error.message, ...lines].join("\n"), {
    id: idOf(error.live),
    outputs: toOutputs({ ...stored, live: error.live }),
    inputs: stored.inputs,
    reasons: [error.message, ...lines],
  });
}

/**
 * Waits for a stored object as its kind and annotations ask, and resolves with it.
 * @throws PartialFailure where it does not become ready
 */
export async function whenReady(
  stored: Stored,
  readiness: Readiness | undefined,
  operation: Operation,
): Promise<KubeObject> {
  if (!readiness) return stored.live;
  const limit = timeoutSeconds(toObject(stored.inputs), operation.timeoutSeconds);
  try {
    return await waitUntilReady(stored.live, {
      ...operation,
      cluster: stored.cluster,
      readiness,
      timeoutSeconds: patience(readiness, limit),
    });
  } catch (error) {
    throw error instanceof NotReady ? await partialFailure(stored, error) : error;
  } finally {
    operation.log.status("");
  }
}
