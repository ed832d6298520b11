import { isList, isObject, isSecret, sameValue, Secret, unwrap } from "../../shared/values";
import type { Properties, Value } from "../../shared/values";
import { isZero } from "../checkpoint";
import type { KubeObject } from "../object";
import { toProperties } from "../object";
import { isQuantityPath, sameQuantity } from "./quantity";

type Path = readonly (string | number)[];

/** Lists whose elements have names are matched by them: the API server may put its own elements in between. */
function matchElements(inputs: readonly Value[], live: readonly Value[]): (Value | undefined)[] {
  const key = (element: Value): string | undefined => {
    const plain = unwrap(element);
    return isObject(plain) && typeof plain.name === "string" ? plain.name : undefined;
  };
  const names = inputs.map(key);
  const named = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  if (!named) return inputs.map((_, index) => live[index]);
  return names.map((name) => live.find((element) => key(element) === name));
}

function follow(path: Path, input: Value, live: Value): Value {
  if (isSecret(input)) {
    const inner = follow(path, input.value, unwrap(live));
    return inner === undefined ? undefined : new Secret(inner);
  }
  if (live === undefined || live === null) return isZero(input) ? input : undefined;
  if (isObject(input) && isObject(live)) {
    const entries = Object.entries(input).map(([key, member]): [string, Value] => [
      key,
      follow([...path, key], member, live[key]),
    ]);
    return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
  }
  if (isList(input) && isList(live)) {
    const matched = matchElements(input, live);
    return input
      .map((element, index) => follow([...path, index], element, matched[index]))
      .filter((element) => element !== undefined);
  }
  if (sameValue(input, live)) return input;
  return isQuantityPath(path) && sameQuantity(input, live) ? input : live;
}

/** `stringData` is write-only: what it said is found, encoded, under `data`. */
function liveStringData(inputs: Properties, live: Properties): Value {
  const wanted = unwrap(inputs.stringData);
  const data = unwrap(live.data);
  if (!isObject(wanted) || !isObject(data)) return undefined;
  const decoded = Object.keys(wanted).flatMap((key): [string, Value][] => {
    const encoded = unwrap(data[key]);
    return typeof encoded === "string" ? [[key, Buffer.from(encoded, "base64").toString("utf8")]] : [];
  });
  return Object.fromEntries(decoded);
}

/**
 * The inputs that would describe the live object as far as the given ones describe it: the given value where the
 * cluster still agrees, the cluster's where somebody changed it, nothing where it is gone. Fields that the program
 * never set, such as defaults and status, stay out.
 */
export function followLive(inputs: Properties, live: KubeObject): Properties {
  const properties = toProperties(live);
  const secret = inputs.kind === "Secret" && inputs.stringData !== undefined;
  const seen = secret ? { ...properties, stringData: liveStringData(inputs, properties) } : properties;
  const followed = follow([], inputs, seen);
  return isObject(followed) ? { ...followed } : {};
}
