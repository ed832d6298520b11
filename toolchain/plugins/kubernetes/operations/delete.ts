import type { DeleteRequest } from "../../shared/provider";
import { deletionPropagation, timeoutSeconds } from "../annotations";
import { skipsDeletionWait, waitUntilGone } from "../await/deletion";
import { fieldManagerOf, fromOutputs } from "../checkpoint";
import { isNotFound } from "../client/api-error";
import type { Cluster } from "../client/cluster";
import { refOf, UnknownKind } from "../client/cluster";
import { relinquish } from "../client/ownership";
import { apiVersionOf, parseType } from "../kinds";
import type { KubeObject } from "../object";
import { describe, parseId, toObject } from "../object";
import { refusal } from "../preview/dry-run";
import { removeRendered } from "../render-yaml";
import type { Session } from "../session";

async function remove(cluster: Cluster, object: KubeObject, inputs: KubeObject, request: DeleteRequest) {
  const { signal, log } = request;
  // The UID tells the object from a later one of the same name.
  const live = await cluster.find(refOf(object), signal);
  if (!live) return;
  try {
    await cluster.delete(refOf(live), deletionPropagation(inputs), signal);
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKind) return;
    throw refusal(object, error);
  }
  if (skipsDeletionWait(inputs)) return;
  const limit = timeoutSeconds(inputs, request.timeoutSeconds);
  await waitUntilGone(live, { cluster, signal, log, timeoutSeconds: limit });
  if (object.kind === "CustomResourceDefinition") cluster.discovery.reset();
}

/** Deletes an object and waits until it is gone. A Patch resource only lets go of its fields. */
export async function deleteObject(session: Session, request: DeleteRequest): Promise<void> {
  const stored = fromOutputs(request.oldOutputs);
  const inputs = toObject(Object.keys(request.oldInputs).length > 0 ? request.oldInputs : stored.inputs);
  const { gvk, patch } = parseType(request.type, inputs.kind ?? stored.live.kind);
  const apiVersion = inputs.apiVersion ?? stored.live.apiVersion ?? apiVersionOf(gvk);
  const object: KubeObject = { apiVersion, kind: gvk.kind, metadata: parseId(request.id) };
  if (session.config.renderYamlToDirectory !== undefined) {
    removeRendered(stored.live, session.config.renderYamlToDirectory);
    return;
  }
  const answer = await session.link.forUpdate();
  if (!answer.cluster) {
    if (!session.config.deleteUnreachable) {
      const mend = "If the cluster is gone for good, set PULUMI_K8S_DELETE_UNREACHABLE=true.";
      throw new Error(`${describe(object)} cannot be deleted: ${answer.reason} ${mend}`);
    }
    request.log.warn(`Taken as gone, since deleteUnreachable is set: ${answer.reason}`);
    return;
  }
  if (!patch) return remove(answer.cluster, object, inputs, request);
  if (!(await answer.cluster.find(refOf(object), request.signal))) return;
  const manager = fieldManagerOf(request.oldOutputs, inputs);
  await relinquish(answer.cluster, object, manager, request.signal).catch((error: unknown) => {
    throw refusal(object, error);
  });
}
