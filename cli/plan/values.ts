import type { PathSegment } from "./paths";
import { formatPath, valueAt } from "./paths";

/** How the engine spells a value that is known only after the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Kinds of unknown values have a marker each: text, list, map, … differ in the engine's wire format. */
const UNKNOWN_MARKERS = [
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
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

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object";

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
  if (typeof key === "string" && SECRET_KEY.test(key)) return !isObject(value) && typeof value !== "boolean";
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
