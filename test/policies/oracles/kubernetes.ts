import type { PlainResource } from "../../../policies/testing";

const TYPE = /^kubernetes:([^:]+):(\w+)$/;

/** Whether a type is one of Kubernetes. */
export const kubernetesObject = (type: string): boolean => TYPE.test(type);

/** A Kubernetes resource as the object that goes to the API server; undefined for other providers. */
export function toObject({ type, props }: PlainResource): Record<string, unknown> | undefined {
  const match = TYPE.exec(type);
  if (!match) return undefined;
  const [, version = "", kind] = match;
  return { apiVersion: version.replace(/^core\//, ""), kind, ...props };
}

/** Names by which objects of one pair refer to one another: the namespace, and roles, of which a cluster has one of a name. */
const NAMES = ["team", "reader", "watcher"];

/** The same under names of its own, so that neither pairs nor the two of a pair know anything of one another in one scan. */
export function withOwnNames(resource: PlainResource, suffix: string): PlainResource {
  let text = JSON.stringify(resource.props);
  for (const name of NAMES) text = text.replaceAll(`"${name}"`, `"${name}-${suffix}"`);
  return { ...resource, props: JSON.parse(text) as Record<string, unknown> };
}
