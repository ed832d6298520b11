import type { UpdateRequest } from "../../shared/provider";
import { hasUnknown } from "../../shared/values";
import type { Properties } from "../../shared/values";
import { readinessOf } from "../await";
import { fieldManagerOf, fromOutputs, initialApiVersionOf, toOutputs } from "../checkpoint";
import { clientSideCreate, clientSideUpdate } from "../client/client-side";
import type { Cluster, WriteOptions } from "../client/cluster";
import { refOf } from "../client/cluster";
import { explainConflict, forcesApply, relinquish, withoutForeignFields } from "../client/ownership";
import { parseType } from "../kinds";
import type { KubeObject } from "../object";
import { describe, listAt, nameOf, toObject } from "../object";
import { dryRunCreate, dryRunUpdate, refusal } from "../preview/dry-run";
import { previewedObject } from "../preview/outputs";
import { renderYaml } from "../render-yaml";
import type { Session } from "../session";
import { whenReady } from "./outcome";
import { retrying } from "./retry";
import { checkAgainstSchema } from "./schema-check";

interface Managers {
  /** Who owned the fields so far. */
  readonly before: string;
  readonly now: string;
}

function managersOf(request: UpdateRequest, object: KubeObject): Managers {
  const before = fieldManagerOf(request.oldOutputs, {});
  return { before, now: fieldManagerOf({ ...request.oldOutputs, __fieldManager: before }, object) };
}

/**
 * A definition is replaced instead of merged: a version that the program drops must go, and no custom resource is
 * touched by it.
 */
function replaceDefinition(cluster: Cluster, object: KubeObject, live: KubeObject, options: WriteOptions) {
  const finalizers =
    listAt(object, "metadata", "finalizers").length > 0 ? {} : { finalizers: live.metadata?.finalizers };
  const metadata = { ...object.metadata, ...finalizers, resourceVersion: live.metadata?.resourceVersion };
  return cluster.replace({ ...object, metadata }, options);
}

async function preview(session: Session, request: UpdateRequest): Promise<Properties> {
  const object = toObject(request.newInputs);
  const { gvk } = parseType(request.type, object.kind);
  const cluster = await session.clusterForPreview(request.log);
  const served = await cluster?.discovery.find(gvk, request.signal);
  if (!cluster || !served || hasUnknown(request.newInputs)) {
    await checkAgainstSchema(session, gvk, object, { ...request, cluster, served: served !== undefined });
    return request.newInputs;
  }
  if (!session.config.serverSideApply) return request.newInputs;
  const fieldManager = managersOf(request, object).now;
  const run = session.dryRun(cluster, fieldManager, request);
  const live = await cluster.find(refOf(object), request.signal);
  const wanted = live ? withoutForeignFields(object, live, fieldManager, request.ignoreChanges) : object;
  const isDefinition = object.kind === "CustomResourceDefinition";
  const answer = !live
    ? await dryRunCreate(object, run)
    : isDefinition
      ? await replaceDefinition(cluster, wanted, live, { ...run, dryRun: true }).catch((error: unknown) => {
          throw refusal(object, error);
        })
      : await dryRunUpdate(wanted, live, run);
  if (!answer) return request.newInputs;
  const initialApiVersion = initialApiVersionOf(request.oldOutputs, object);
  const previewed = live ? answer : previewedObject(answer);
  return toOutputs({ live: previewed, inputs: request.newInputs, initialApiVersion, fieldManager });
}

async function store(session: Session, cluster: Cluster, request: UpdateRequest, { before, now }: Managers) {
  const object = toObject(request.newInputs);
  const { signal, log } = request;
  const options = { fieldManager: now, signal, onWarning: session.warnings(log) };
  const live = await cluster.find(refOf(object), signal);
  // Somebody deleted it behind our back: an apply makes it anew.
  if (!live) {
    log.info(`${describe(object)} was gone from the cluster, and is created anew.`);
    return session.config.serverSideApply
      ? cluster.apply(object, options)
      : clientSideCreate(cluster, object, options);
  }
  if (object.kind === "CustomResourceDefinition") return replaceDefinition(cluster, object, live, options);
  if (!session.config.serverSideApply) {
    return clientSideUpdate(cluster, toObject(fromOutputs(request.oldOutputs).inputs), object, options);
  }
  const wanted = withoutForeignFields(object, live, now, request.ignoreChanges);
  const force = forcesApply(object, live, session.config.patchForce);
  const stored = await cluster.apply(wanted, { ...options, force });
  if (before !== now) await relinquish(cluster, stored, before, signal);
  return stored;
}

/** Brings an object to its new inputs and waits until it is ready again. */
export async function update(session: Session, request: UpdateRequest): Promise<Properties> {
  const object = toObject(request.newInputs);
  const managers = managersOf(request, object);
  const initialApiVersion = initialApiVersionOf(request.oldOutputs, object);
  const directory = session.config.renderYamlToDirectory;
  if (directory !== undefined) {
    if (!request.preview) renderYaml(object, directory, { log: request.log, inputs: request.newInputs });
    return toOutputs({
      live: object,
      inputs: request.newInputs,
      initialApiVersion,
      fieldManager: managers.now,
    });
  }
  if (request.preview) return preview(session, request);
  const readiness = readinessOf(object);
  const cluster = await session.clusterForUpdate();
  const live = await retrying(() => store(session, cluster, request, managers), request).catch(
    (error: unknown) => {
      throw refusal(object, explainConflict(error));
    },
  );
  if (nameOf(live) === "")
    throw new Error(`The API server answered the update of ${describe(object)} without an object.`);
  if (object.kind === "CustomResourceDefinition") cluster.discovery.reset();
  const stored = { cluster, live, inputs: request.newInputs, initialApiVersion, fieldManager: managers.now };
  const settled = await whenReady(stored, readiness, request);
  return toOutputs({ ...stored, live: settled });
}
