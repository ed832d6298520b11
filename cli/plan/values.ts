import { isObject } from "../../audit/json";
import { UNKNOWN_MARKERS } from "../engine/unknown";
import type { PathSegment } from "./paths";
import { formatPath, valueAt } from "./paths";

/** The key that marks a value as special on the engine's wire, and the mark of a secret. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export const SECRET = "[secret]";
export const KNOWN_LATER = "known after apply";
const MAX_LENGTH = 120;

const SECRET_KEY =
  /passw(or)?d|passphrase|private_?key|api_?key|secret_?(access_?)?(key|string|value|binary)$|client_?secret$|(access|auth|refresh|bearer|session|registry)_?token$|^(token|secret|credentials|kubeconfig|htpasswd)$/i;
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{30,}|\/\/[^/\s:@]+:[^/\s@]+@|[?&](X-Amz-Signature|sig|token)=/;
const KUBERNETES_SECRET = /^kubernetes:core\/v1:Secret(Patch|List)?$/;

/** True for what the engine marked as a secret, in either of the ways in which it writes one. */
export function isMarkedSecret(value: unknown): boolean {
  if (value === SECRET) return true;
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

export const isUnknown = (value: unknown): boolean =>
  typeof value === "string" && UNKNOWN_MARKERS.some((marker) => value.includes(marker));

/** True for a value that nobody may read in a plan: marked by the engine, or one by its kind, its key or its looks. */
export function isSecret(
  value: unknown,
  type: string,
  path: readonly PathSegment[],
  inputs: unknown,
): boolean {
  if (isMarkedSecret(value)) return true;
  if (KUBERNETES_SECRET.test(type) && (path[0] === "data" || path[0] === "stringData")) return true;
  if (path.some((_, at) => isMarkedSecret(valueAt(inputs, path.slice(0, at + 1))))) return true;
  if (typeof value === "string" && SECRET_VALUE.test(value)) return true;
  const key = path.at(-1);
  // The members of a list are what its key says.
  const named = path.findLast((segment) => typeof segment === "string");
  if (named !== undefined && SECRET_KEY.test(named)) return !isObject(value) && typeof value !== "boolean";
  // An environment variable: the name stands beside the value.
  const sibling = key === "value" ? valueAt(inputs, [...path.slice(0, -1), "name"]) : undefined;
  return typeof sibling === "string" && SECRET_KEY.test(sibling);
}

/** Removes secrets from inside a value that is shown as a whole. */
function masked(value: unknown, type: string, path: readonly PathSegment[], inputs: unknown): unknown {
  if (value === undefined) return undefined;
  if (isSecret(value, type, path, inputs)) return SECRET;
  if (isUnknown(value)) return KNOWN_LATER;
  if (Array.isArray(value)) return value.map((item, at) => masked(item, type, [...path, at], inputs));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => !key.startsWith("__"))
      .sort()
      .map((key) => [key, masked(value[key], type, [...path, key], inputs)]),
  );
}

export type Shown = string | number | boolean | null;

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_LENGTH) return text;
  return `${characters.slice(0, MAX_LENGTH).join("")}… (${characters.length} characters)`;
}

/** A value as a plan shows it: no secrets, no markers, one line's length; undefined where there is none. */
export function shown(
  value: unknown,
  type: string,
  path: readonly PathSegment[],
  inputs: unknown,
): Shown | undefined {
  const plain = masked(value, type, path, inputs);
  if (plain === undefined || plain === null || typeof plain === "number" || typeof plain === "boolean") {
    return plain as Shown | undefined;
  }
  return shorten(typeof plain === "string" ? plain : JSON.stringify(plain));
}

/** A key of a Kubernetes Secret may be named, its value not; this is for paths alone. */
export const pathText = (path: readonly PathSegment[]): string => shorten(formatPath(path));
