import { setTimeout as sleep } from "node:timers/promises";
import type { ReadRequest, ReadResult } from "../../shared/provider";
import type { Properties } from "../../shared/values";
import { readinessOf } from "../await";
import type { Verdict } from "../await/readiness";
import { NotReady } from "../await/wait";
import { annotateSecrets, fieldManagerOf, fromOutputs, initialApiVersionOf, toOutputs } from "../checkpoint";
import type { Cluster } from "../client/cluster";
import { followLive } from "../diff/drift";
import { apiVersionOf, gvkOf, parseType } from "../kinds";
import type { KubeObject } from "../object";
import { describe, parseId, toObject, toProperties } from "../object";
import type { Session } from "../session";
import { partialFailure } from "./outcome";

/** How long an object may take to be ready again before a refresh calls it not ready. */
const SETTLE_MS = 20_000;
const SETTLE_POLL_MS = 500;

const SERVER_METADATA = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];
const SERVER_ANNOTATIONS = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The inputs that describe a live object that no program has described yet. */
function importInputs(live: KubeObject): Properties {
  const { status: _status, ...object } = structuredClone(live);
  const metadata = (object.metadata ?? {}) as { [key: string]: unknown };
  for (const key of SERVER_METADATA) delete metadata[key];
  const annotations = metadata.annotations as { [key: string]: unknown } | undefined;
  for (const key of SERVER_ANNOTATIONS) delete annotations?.[key];
  if (annotations && Object.keys(annotations).length === 0) delete metadata.annotations;
  const inputs = toProperties(object);
  return annotateSecrets(inputs, inputs);
}

async function whenUnreachable(
  session: Session,
  request: ReadRequest,
  reason: string,
): Promise<ReadResult | undefined> {
  if (session.config.deleteUnreachable) {
    request.log.warn(`Taken as gone, since deleteUnreachable is set: ${reason}`);
    return undefined;
  }
  if (session.config.skipUpdateUnreachable) {
    request.log.warn(`Left as the state has it, since skipUpdateUnreachable is set: ${reason}`);
    return { id: request.id, inputs: request.inputs, outputs: request.outputs };
  }
  throw new Error(
    `${reason} If the cluster is gone for good, PULUMI_K8S_DELETE_UNREACHABLE=true takes its resources out of the state.`,
  );
}

async function observe(cluster: Cluster, request: ReadRequest): Promise<KubeObject | undefined> {
  const given = toObject(request.inputs);
  const stored = fromOutputs(request.outputs).live;
  const { gvk } = parseType(request.type, given.kind ?? stored.kind);
  const apiVersion = given.apiVersion ?? stored.apiVersion ?? apiVersionOf(gvk);
  return cluster.find({ gvk: gvkOf(apiVersion, gvk.kind), ...parseId(request.id) }, request.signal);
}

/**
 * The object and what there is to say of its readiness. What an autoscaler does passes, and an update for it would be a
 * change that nobody made: an object that is on its way gets a moment.
 */
async function settle(
  cluster: Cluster,
  request: ReadRequest,
): Promise<{ live: KubeObject; verdict?: Verdict } | undefined> {
  const imported = Object.keys(request.inputs).length === 0;
  const readiness = imported ? undefined : readinessOf(toObject(request.inputs));
  const started = Date.now();
  for (;;) {
    const live = await observe(cluster, request);
    if (!live || !readiness) return live && { live };
    const verdict = await readiness(live, { cluster, signal: request.signal, elapsedMs: Infinity });
    if (verdict.state !== "waiting" || Date.now() - started >= SETTLE_MS) return { live, verdict };
    await sleep(SETTLE_POLL_MS, undefined, { signal: request.signal });
  }
}

/** The object as it is now. Not ready is reported, but fails no refresh: the next update waits for it again. */
export async function read(session: Session, request: ReadRequest): Promise<ReadResult | undefined> {
  const imported = Object.keys(request.inputs).length === 0;
  if (session.config.renderYamlToDirectory !== undefined) {
    return { id: request.id, inputs: request.inputs, outputs: request.outputs };
  }
  const answer = await session.link.forUpdate();
  if (!answer.cluster) return whenUnreachable(session, request, answer.reason);
  const { cluster } = answer;
  const settled = await settle(cluster, request);
  if (!settled) return undefined;
  const { live, verdict } = settled;
  const inputs = imported ? importInputs(live) : followLive(request.inputs, live);
  const fieldManager = fieldManagerOf(request.outputs, toObject(inputs));
  const initialApiVersion = initialApiVersionOf(request.outputs, live);
  const outputs = toOutputs({ live, inputs, initialApiVersion, fieldManager });
  if (verdict && verdict.state !== "ready") {
    const error = new NotReady(`${describe(live)} is not ready: ${verdict.message}.`, live, verdict, true);
    throw await partialFailure({ cluster, live, inputs, initialApiVersion, fieldManager }, error);
  }
  return { id: request.id, inputs, outputs };
}
