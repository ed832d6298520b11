import type { DiffRequest, DiffResult, PropertyDiff } from "../../shared/provider";
import { isObject, isUnknown, unwrap } from "../../shared/values";
import type { Properties } from "../../shared/values";
import { ANNOTATIONS, isAnnotated } from "../annotations";
import { jobState } from "../await/job";
import { fromOutputs } from "../checkpoint";
import { refOf } from "../client/cluster";
import { diffObject } from "../diff";
import { immutableFields, PATCH_IMMUTABLE_FIELDS } from "../diff/immutable-fields";
import { parseType } from "../kinds";
import { isNamed } from "../naming";
import type { KubeObject } from "../object";
import { nameOf, namespaceOf, toObject } from "../object";
import type { Session } from "../session";

/** The namespace is compared as the object lives: "default" where none is named, none for what has no namespace. */
function withNamespaceOf(live: KubeObject, inputs: Properties): Properties {
  const metadata = unwrap(inputs.metadata);
  if (!isObject(metadata) || isUnknown(unwrap(metadata.namespace))) return inputs;
  const clusterScoped = nameOf(live) !== "" && namespaceOf(live) === undefined;
  const namespace = clusterScoped ? undefined : unwrap(metadata.namespace) || "default";
  return { ...inputs, metadata: { ...metadata, namespace } };
}

/** A Job that is not complete is run anew where the program says so. */
async function isUnready(session: Session, live: KubeObject, inputs: KubeObject, request: DiffRequest) {
  if (!isAnnotated(inputs, ANNOTATIONS.replaceUnready)) return false;
  if (inputs.kind !== "Job") {
    request.log.warn(`${ANNOTATIONS.replaceUnready} has no effect on a ${inputs.kind}, only on a Job.`);
    return false;
  }
  const { cluster } = await session.link.forPreview();
  const current = await cluster?.find(refOf(live), request.signal);
  return current !== undefined && jobState(current).state !== "ready";
}

function withoutIgnored(
  detailed: { [path: string]: PropertyDiff },
  ignored: readonly string[],
): { [path: string]: PropertyDiff } {
  const covers = (path: string) =>
    ignored.some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`));
  return Object.fromEntries(Object.entries(detailed).filter(([path]) => !covers(path)));
}

/** What an update would change; what of it needs a new object; whether the old one must go first. */
export async function diff(session: Session, request: DiffRequest): Promise<DiffResult> {
  const stored = fromOutputs(request.oldOutputs);
  const before = Object.keys(request.oldInputs).length > 0 ? request.oldInputs : stored.inputs;
  const inputs = toObject(request.newInputs);
  const { gvk, patch } = parseType(request.type, inputs.kind);
  const wasImmutable = unwrap(before.immutable) === true;
  const { configMapsMutable: configMaps, secretsMutable: secrets } = session.config;
  const immutable = patch
    ? PATCH_IMMUTABLE_FIELDS
    : immutableFields(gvk, wasImmutable, { configMaps, secrets });
  const [old, next] = [before, request.newInputs].map((side) => withNamespaceOf(stored.live, side)) as [
    Properties,
    Properties,
  ];
  const detailed = withoutIgnored(diffObject(old, next, immutable), request.ignoreChanges);
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.kind.endsWith("-replace"));
  if (await isUnready(session, stored.live, inputs, request)) {
    replaces.push(`metadata.annotations["${ANNOTATIONS.replaceUnready}"]`);
  }
  // A name that the program has fixed cannot be held by two objects at once.
  const sameName =
    nameOf(inputs) === nameOf(stored.live) &&
    (namespaceOf(inputs) ?? "default") === (namespaceOf(stored.live) ?? "default");
  const deleteBeforeReplace =
    replaces.length > 0 &&
    isNamed(request.newInputs) &&
    !isAnnotated(inputs, ANNOTATIONS.autonamed) &&
    sameName;
  return {
    changes: replaces.length > 0 || Object.keys(detailed).length > 0,
    detailed,
    replaces,
    deleteBeforeReplace,
  };
}
