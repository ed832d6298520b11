import { autoName } from "../shared/autoname";
import type { CheckRequest } from "../shared/provider";
import { isObject, isUnknown, unwrap } from "../shared/values";
import type { Properties, Value } from "../shared/values";
import { ANNOTATIONS, isAnnotated } from "./annotations";
import { textAt, toObject } from "./object";

/** The longest name that any kind takes; kinds with a lower limit are left to the API server's own answer. */
const MAX_NAME_LENGTH = 253;

function metadataOf(inputs: Properties): { readonly [key: string]: Value } | undefined {
  const metadata = unwrap(inputs.metadata);
  return isObject(metadata) ? metadata : undefined;
}

/** True where the program gives the object a name, even one that is not known yet. */
export function isNamed(inputs: Properties): boolean {
  const metadata = unwrap(inputs.metadata);
  if (isUnknown(metadata)) return true;
  const name = unwrap(metadataOf(inputs)?.name);
  return isUnknown(name) || (typeof name === "string" && name !== "");
}

function withName(inputs: Properties, name: string): Properties {
  const metadata = metadataOf(inputs) ?? {};
  const annotations = unwrap(metadata.annotations);
  // Annotations that are not known yet cannot be added to; the name stays all the same.
  const marked = isUnknown(annotations)
    ? annotations
    : { ...(isObject(annotations) ? annotations : {}), [ANNOTATIONS.autonamed]: "true" };
  return { ...inputs, metadata: { ...metadata, name, annotations: marked } };
}

/**
 * The inputs with a name: the program's own, the one generated for the existing object, or a new one. Generated names
 * are marked by an annotation, so that a replacement knows that it may choose another.
 * @throws Error where the stack's configuration forbids generated names and the program gives none
 */
export function nameInputs(request: CheckRequest): Properties {
  const { newInputs, oldInputs, name, randomSeed, autonaming } = request;
  if (isNamed(newInputs)) return newInputs;
  const old = toObject(oldInputs);
  const oldName = textAt(old, "metadata", "name");
  if (oldName && isAnnotated(old, ANNOTATIONS.autonamed)) return withName(newInputs, oldName);
  const generated = autoName({ name, randomSeed, autonaming, maxLength: MAX_NAME_LENGTH });
  if (generated === undefined) {
    throw new Error("Autonaming is disabled, so that `metadata.name` must be set.");
  }
  return withName(newInputs, generated);
}
