import { randomBytes } from "node:crypto";
import { hasSecret, isList, isObject, isSecret, Secret, unwrap } from "../shared/values";
import type { Properties, Value } from "../shared/values";
import { ANNOTATIONS, annotation } from "./annotations";
import type { KubeObject } from "./object";
import { toObject, toProperties } from "./object";

// The same keys as the official provider's, so that either can take over the other's state.
const INPUTS = "__inputs";
const INITIAL_API_VERSION = "__initialApiVersion";
const FIELD_MANAGER = "__fieldManager";

/**
 * Marks in `outputs` what is secret in `inputs`: objects member by member, lists as a whole, because an API server may
 * reorder them. The contents of a `Secret` are secret whatever the inputs say.
 */
export function annotateSecrets(outputs: Properties, inputs: { readonly [key: string]: Value }): Properties {
  const marked: Properties = { ...outputs };
  if (outputs.kind === "Secret") {
    for (const key of ["data", "stringData"]) {
      const value = marked[key];
      if (value !== undefined && value !== null && !isSecret(value)) marked[key] = new Secret(value);
    }
  }
  for (const [key, input] of Object.entries(inputs)) {
    const output = marked[key];
    if (output === undefined || isSecret(output) || !hasSecret(input)) continue;
    const [object, pattern] = [output, input];
    marked[key] =
      isObject(object) && isObject(pattern)
        ? annotateSecrets(object as Properties, pattern)
        : new Secret(output);
  }
  return marked;
}

/** The state of a resource: the live object, and beside it what the program asked for. */
export interface Checkpoint {
  readonly live: KubeObject;
  /** As the program gave them, secrets included. */
  readonly inputs: Properties;
  readonly initialApiVersion: string;
  readonly fieldManager: string;
}

export function toOutputs({ live, inputs, initialApiVersion, fieldManager }: Checkpoint): Properties {
  const object = toProperties(live);
  return {
    ...annotateSecrets(object, inputs),
    [INPUTS]: annotateSecrets(toProperties(toObject(inputs)), inputs),
    [INITIAL_API_VERSION]: initialApiVersion,
    [FIELD_MANAGER]: fieldManager,
  };
}

/** Takes a state apart. The oldest official providers wrote `{ inputs, live }`. */
export function fromOutputs(outputs: Properties): { live: KubeObject; inputs: Properties } {
  const { [INPUTS]: stored, [INITIAL_API_VERSION]: _version, [FIELD_MANAGER]: _manager, ...rest } = outputs;
  if (isObject(outputs.inputs) && isObject(outputs.live)) {
    return { live: toObject(outputs.live), inputs: { ...outputs.inputs } };
  }
  const inputs = unwrap(stored);
  return { live: toObject(rest), inputs: isObject(inputs) ? { ...inputs } : {} };
}

export function initialApiVersionOf(outputs: Properties, object: KubeObject): string {
  const stored = outputs[INITIAL_API_VERSION];
  return typeof stored === "string" ? stored : (object.apiVersion ?? "");
}

/**
 * The name under which this resource's fields are owned on the API server: the annotation's, the state's, or a new
 * one. Each resource has its own, so that two Patch resources on one object do not undo each other.
 */
export function fieldManagerOf(outputs: Properties, inputs: unknown): string {
  const annotated = annotation(inputs, ANNOTATIONS.patchFieldManager);
  if (annotated) return annotated;
  const stored = outputs[FIELD_MANAGER];
  return typeof stored === "string" ? stored : `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/** A list's or object's emptiness as Go's `omitempty` sees it: such a value comes back from the server as nothing. */
export function isZero(value: Value): boolean {
  const plain = unwrap(value);
  if (plain === undefined || plain === null || plain === "" || plain === 0 || plain === false) return true;
  if (isList(plain)) return plain.length === 0;
  return isObject(plain) && Object.values(plain).every((member) => member === undefined);
}
