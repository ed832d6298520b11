import { isList, isObject, isSecret, isUnknown, Secret } from "../shared/values";
import type { Properties, Value } from "../shared/values";

/** A Kubernetes object as the API server speaks it: plain JSON, no secrets, no unknowns. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name?: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  managedFields?: ManagedFields[];
  ownerReferences?: { uid: string; kind: string; name: string; controller?: boolean }[];
  [field: string]: unknown;
}

/** Members of `metadata` that only an API server sets; a manifest that was copied from a live object carries them. */
export const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  fieldsV1?: { [key: string]: unknown };
}

/** Keys that no SDK language can spell; inputs and state carry the underscored form, as the official provider does. */
const UNDERSCORED = [
  "embedded-resource",
  "int-or-string",
  "list-map-keys",
  "list-type",
  "map-type",
  "preserve-unknown-fields",
  "validations",
].map((suffix) => `x-kubernetes-${suffix}`);
const toDashes = new Map(UNDERSCORED.map((key) => [key.replaceAll("-", "_"), key]));
const toUnderscores = new Map(UNDERSCORED.map((key) => [key, key.replaceAll("-", "_")]));

function renameKeys(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, names));
  if (isSecret(value)) return new Secret(renameKeys(value.value, names) as Value);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [names.get(key) ?? key, renameKeys(member, names)]),
  );
}

function strip(value: Value): unknown {
  if (isSecret(value)) return strip(value.value);
  if (isUnknown(value)) return value;
  if (isList(value)) return value.map(strip);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [toDashes.get(key) ?? key, strip(member)]),
  );
}

/** Inputs as the API server takes them. Unknowns stay as they are: callers must ask `hasUnknown` first. */
export function toObject(properties: { readonly [key: string]: Value }): KubeObject {
  return strip(properties) as KubeObject;
}

/** A live object as outputs: keys in the form that the SDKs know. */
export function toProperties(object: KubeObject): Properties {
  return renameKeys(object, toUnderscores) as Properties;
}

/** What lies at a path, or `undefined` where any step is missing. */
export function at(object: unknown, ...path: readonly (string | number)[]): unknown {
  let value: unknown = object;
  for (const step of path) {
    if (Array.isArray(value)) value = value[step as number];
    else if (isObject(value)) value = value[step];
    else return undefined;
  }
  return value;
}

export function textAt(object: unknown, ...path: readonly (string | number)[]): string | undefined {
  const value = at(object, ...path);
  return typeof value === "string" ? value : undefined;
}

export function numberAt(object: unknown, ...path: readonly (string | number)[]): number | undefined {
  const value = at(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The list at a path; empty where there is none. */
export function listAt(object: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value : [];
}

export function nameOf(object: KubeObject): string {
  return textAt(object, "metadata", "name") ?? "";
}

export function namespaceOf(object: KubeObject): string | undefined {
  return textAt(object, "metadata", "namespace") || undefined;
}

/** `Deployment "slipway/text"`: how messages name an object. */
export function describe(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return `${object.kind ?? "object"} "${namespace === undefined ? "" : `${namespace}/`}${nameOf(object)}"`;
}

/** The ID in the state: `namespace/name`, or the name alone. */
export function idOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === undefined ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** A JSON object whose members may be changed. */
export function isObjectLike(value: unknown): value is { [key: string]: unknown } {
  return isObject(value);
}

/** A deep copy without the given path. */
export function without<T extends KubeObject>(object: T, ...path: readonly string[]): T {
  const copy = structuredClone(object);
  const parent = at(copy, ...path.slice(0, -1));
  const last = path[path.length - 1];
  if (isObjectLike(parent) && last !== undefined) delete parent[last];
  return copy;
}
