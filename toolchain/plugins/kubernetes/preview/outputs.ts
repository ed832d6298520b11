import { UNKNOWN } from "../../shared/values";
import type { Properties, Value } from "../../shared/values";
import type { KubeObject } from "../object";
import { at, without } from "../object";

/** What the API server makes up anew for each object: its dry-run answer would be a false promise. */
const MADE_UP = [
  ["metadata", "uid"],
  ["metadata", "creationTimestamp"],
  ["metadata", "resourceVersion"],
];
const MADE_UP_FOR_SERVICES = [
  ["spec", "clusterIP"],
  ["spec", "clusterIPs"],
  ["spec", "healthCheckNodePort"],
];

function withUnknown(properties: Properties, path: readonly string[]): Properties {
  const [key = "", ...rest] = path;
  const member = properties[key];
  if (member === undefined) return properties;
  if (rest.length === 0) return { ...properties, [key]: UNKNOWN };
  return { ...properties, [key]: withUnknown(member as Properties, rest) as Value };
}

/** The dry-run answer without its status, which the SDKs then take as not known yet. */
export function previewedObject(answer: KubeObject): KubeObject {
  return without(without(answer, "status"), "metadata", "managedFields");
}

/** Outputs of a previewed creation: what only the creation can tell is unknown, unless the program asked for it. */
export function previewOutputs(outputs: Properties, inputs: KubeObject): Properties {
  const paths = outputs.kind === "Service" ? [...MADE_UP, ...MADE_UP_FOR_SERVICES] : MADE_UP;
  return paths
    .filter((path) => at(inputs, ...path) === undefined)
    .reduce((known, path) => withUnknown(known, path), outputs);
}
