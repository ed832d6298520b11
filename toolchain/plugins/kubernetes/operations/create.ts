import type { CreateRequest, CreateResult } from "../../shared/provider";
import { hasUnknown } from "../../shared/values";
import { timeoutSeconds } from "../annotations";
import { readinessOf } from "../await";
import { waitUntilGone } from "../await/deletion";
import { fieldManagerOf, toOutputs } from "../checkpoint";
import { clientSideCreate } from "../client/client-side";
import type { Cluster } from "../client/cluster";
import { refOf } from "../client/cluster";
import { explainConflict, forcesApply } from "../client/ownership";
import { apiVersionOf, parseType } from "../kinds";
import type { KubeObject } from "../object";
import { idOf, toObject } from "../object";
import { dryRunCreate, refusal } from "../preview/dry-run";
import { previewedObject, previewOutputs } from "../preview/outputs";
import { renderYaml } from "../render-yaml";
import type { Session } from "../session";
import { whenReady } from "./outcome";
import { checkAgainstSchema } from "./schema-check";
import { retrying } from "./retry";

async function preview(session: Session, request: CreateRequest): Promise<CreateResult> {
  const asGiven: CreateResult = { id: "", outputs: request.inputs };
  const object = toObject(request.inputs);
  const { gvk, patch } = parseType(request.type, object.kind);
  const cluster = await session.clusterForPreview(request.log);
  const served = await cluster?.discovery.find(gvk, request.signal);
  if (!cluster || !served || hasUnknown(request.inputs)) {
    await checkAgainstSchema(session, gvk, object, { ...request, cluster, served: served !== undefined });
    return asGiven;
  }
  // What it patches may come with this very update.
  if (patch || !session.config.serverSideApply) return asGiven;
  const fieldManager = fieldManagerOf({}, object);
  const answer = await dryRunCreate(object, session.dryRun(cluster, fieldManager, request));
  if (!answer) return asGiven;
  const live = previewedObject(answer);
  const checkpoint = { live, inputs: request.inputs, initialApiVersion: apiVersionOf(gvk), fieldManager };
  return { id: "", outputs: previewOutputs(toOutputs(checkpoint), object) };
}

/** An object of that name that is on its way out would take the new one's fields with it. */
async function waitForPredecessor(
  cluster: Cluster,
  object: KubeObject,
  request: CreateRequest,
): Promise<void> {
  const old = await cluster.find(refOf(object), request.signal);
  if (old?.metadata?.deletionTimestamp === undefined) return;
  const limit = timeoutSeconds(object, request.timeoutSeconds);
  await waitUntilGone(old, { ...request, cluster, timeoutSeconds: limit });
}

function store(
  session: Session,
  cluster: Cluster,
  object: KubeObject,
  fieldManager: string,
  request: CreateRequest,
) {
  const { signal, log } = request;
  const options = { fieldManager, signal, onWarning: session.warnings(log) };
  const force = forcesApply(object, undefined, session.config.patchForce);
  return retrying(async () => {
    await waitForPredecessor(cluster, object, request);
    return session.config.serverSideApply
      ? cluster.apply(object, { ...options, force })
      : clientSideCreate(cluster, object, options);
  }, request);
}

/** Creates an object and waits until it is ready. In a preview the API server is asked what it would say. */
export async function create(session: Session, request: CreateRequest): Promise<CreateResult> {
  const object = toObject(request.inputs);
  const fieldManager = fieldManagerOf({}, object);
  const initialApiVersion = object.apiVersion ?? "";
  const directory = session.config.renderYamlToDirectory;
  if (directory !== undefined) {
    if (request.preview) return { id: "", outputs: request.inputs };
    renderYaml(object, directory, request);
    const outputs = toOutputs({ live: object, inputs: request.inputs, initialApiVersion, fieldManager });
    return { id: idOf(object), outputs };
  }
  if (request.preview) return preview(session, request);
  // A condition that cannot be read must not leave an object behind.
  const readiness = readinessOf(object);
  const cluster = await session.clusterForUpdate();
  const live = await store(session, cluster, object, fieldManager, request).catch((error: unknown) => {
    throw refusal(object, explainConflict(error));
  });
  const stored = { cluster, live, inputs: request.inputs, initialApiVersion, fieldManager };
  const settled = await whenReady(stored, readiness, request);
  if (object.kind === "CustomResourceDefinition") cluster.discovery.reset();
  return { id: idOf(settled), outputs: toOutputs({ ...stored, live: settled }) };
}
