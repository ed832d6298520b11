import type { Cluster } from "../client/cluster";
import { refOf } from "../client/cluster";
import {
  ApiError,
  isAlreadyExists,
  isInvalid,
  isNamespaceNotFound,
  isUnauthorised,
} from "../client/api-error";
import { explainConflict, forcesApply } from "../client/ownership";
import type { ResourceLog } from "../../shared/provider";
import type { KubeObject } from "../object";
import { describe, nameOf, namespaceOf } from "../object";
import type { SeenObjects } from "./seen";

export interface DryRun {
  readonly cluster: Cluster;
  readonly seen: SeenObjects;
  readonly fieldManager: string;
  /** The provider's `enablePatchForce`. */
  readonly alwaysForce: boolean;
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
  readonly onWarning: (text: string) => void;
}

/** The API server's refusal, naming the object: it is shown without the request that caused it. */
export function refusal(object: KubeObject, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const causes = error.details.causes.filter(
    (cause) => !error.message.includes(cause.split(": ").at(-1) ?? ""),
  );
  const text = [error.message, ...causes].join("; ").replace(/\.?$/, ".");
  return new Error(`The API server refuses ${describe(object)}: ${text}`, { cause: error });
}

/**
 * An admission plug-in misses something that the program declares too, e.g. the ServiceAccount of a Pod: the real
 * update makes it first.
 */
function missesDeclared(error: unknown, seen: SeenObjects): boolean {
  if (!(error instanceof ApiError) || (error.code !== 403 && error.code !== 404)) return false;
  const named = /"([^"]+)" not found|with name (\S+) was found/g;
  const names = [...error.message.matchAll(named)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  return names.some((name) => seen.hasName(name));
}

function tolerates(object: KubeObject, error: unknown, { seen, log }: DryRun): boolean {
  if (missesDeclared(error, seen)) return true;
  if (!isUnauthorised(error)) return false;
  log.warn(`${describe(object)} is not checked against the cluster: ${error.message}.`);
  return true;
}

/** A dry-run creation elsewhere, for an object whose own namespace is not there yet. */
async function inOtherNamespace(
  object: KubeObject,
  namespace: string,
  run: DryRun,
): Promise<KubeObject | undefined> {
  const moved: KubeObject = { ...object, metadata: { ...object.metadata, namespace } };
  try {
    const created = await run.cluster.create(moved, { ...run, dryRun: true });
    return { ...created, metadata: { ...created.metadata, namespace: namespaceOf(object) } };
  } catch (error) {
    // The name is taken there, a quota is used up there: that says nothing about the namespace to come.
    const local = isAlreadyExists(error) || (error instanceof ApiError && error.code === 403);
    if (local || tolerates(object, error, run)) return undefined;
    throw refusal(object, error);
  }
}

/** What the new namespace's own existence would allow. */
async function withoutNamespace(
  object: KubeObject,
  error: ApiError,
  run: DryRun,
): Promise<KubeObject | undefined> {
  const namespace = namespaceOf(object) ?? run.cluster.defaultNamespace;
  const declared = await run.seen.eventualNamespace(namespace, run.signal);
  if (!declared && !run.seen.chart) throw refusal(object, error);
  return inOtherNamespace(object, "default", run);
}

/**
 * The object is about to replace one of the same name, which is still there: what cannot be changed in place is then
 * tried under another name. A port or address that the old one holds will be free by then.
 */
async function asReplacement(
  object: KubeObject,
  error: ApiError,
  run: DryRun,
): Promise<KubeObject | undefined> {
  if (!(await run.cluster.find(refOf(object), run.signal))) throw refusal(object, error);
  const suffix = "-preview";
  const name = `${nameOf(object).slice(0, 63 - suffix.length)}${suffix}`;
  try {
    const renamed = { ...object, metadata: { ...object.metadata, name } };
    const created = await run.cluster.create(renamed, { ...run, dryRun: true });
    return { ...created, metadata: { ...created.metadata, name: nameOf(object) } };
  } catch (second) {
    if (isInvalid(second) && /already allocated/.test(second.message)) return undefined;
    throw refusal(object, isInvalid(second) ? second : error);
  }
}

/**
 * Asks the API server to apply an object without storing it. Resolves with what it would store; `undefined` where it
 * cannot tell yet. Conflicts with other managers are left to the update where the object is not ours yet.
 * @throws Error what the API server would refuse: unknown and immutable fields, quotas, admission rules
 */
export async function dryRunCreate(object: KubeObject, run: DryRun): Promise<KubeObject | undefined> {
  try {
    return await run.cluster.apply(object, { ...run, dryRun: true, force: true });
  } catch (error) {
    if (isNamespaceNotFound(error)) return withoutNamespace(object, error, run);
    if (tolerates(object, error, run)) return undefined;
    if (isInvalid(error)) return asReplacement(object, error, run);
    throw refusal(object, error);
  }
}

/** As `dryRunCreate`, for an object that exists and is ours. */
export async function dryRunUpdate(
  object: KubeObject,
  live: KubeObject,
  run: DryRun,
): Promise<KubeObject | undefined> {
  try {
    const force = forcesApply(object, live, run.alwaysForce);
    return await run.cluster.apply(object, { ...run, dryRun: true, force });
  } catch (error) {
    if (tolerates(object, error, run)) return undefined;
    throw refusal(object, explainConflict(error));
  }
}
