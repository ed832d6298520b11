import { isRecord } from "../model/field";
import { rememberHidden } from "../model/hidden-secrets";
import { UNKNOWN } from "../model/unknown";

/** Key by which the engine tells values of its own kinds from plain objects, and the kinds that it has for it. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** What the engine prints in the place of a secret that it keeps to itself. */
const HIDDEN = "[secret]";

/**
 * A value of the engine's wire or files as policies are given it: secrets are shown, references to resources are their IDs, and
 * what only the engine reads is gone. A secret that the engine hides is a value that nobody knows.
 */
export function plainValue(value: unknown): unknown {
  return plain(value, plainSecret);
}

type ReadSecret = (secret: Record<string, unknown>) => unknown;

function plain(value: unknown, readSecret: ReadSecret): unknown {
  if (value === HIDDEN) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item) => plain(item, readSecret));
  if (!isRecord(value)) return value;
  switch (value[SIGNATURE]) {
    case SECRET:
      return readSecret(value);
    case OUTPUT:
      if (value["secret"] === true) return readSecret(value);
      return "value" in value ? plain(value["value"], readSecret) : UNKNOWN;
    case RESOURCE:
      return plainReference(value);
    default:
      return members(value, readSecret);
  }
}

/**
 * The same for an object that is no value of the engine's own kinds; undefined reads as no properties. Rules to which a secret is
 * as good as an unknown value are shown it as one.
 */
export function plainProperties(value: unknown): Record<string, unknown> {
  const shown = members(value, plainSecret);
  rememberHidden(shown, () => members(value, () => UNKNOWN));
  return shown;
}

function members(value: unknown, readSecret: ReadSecret): Record<string, unknown> {
  const entries = Object.entries(isRecord(value) ? value : {});
  return Object.fromEntries(
    entries.filter(([key]) => !key.startsWith("__")).map(([key, item]) => [key, plain(item, readSecret)]),
  );
}

function plainSecret(secret: Record<string, unknown>): unknown {
  if ("value" in secret) return plainValue(secret["value"]);
  // Files have it as JSON within JSON, where they were asked to show it.
  const { plaintext } = secret;
  return typeof plaintext === "string" ? plainValue(JSON.parse(plaintext)) : UNKNOWN;
}

function plainReference({ urn, id }: Record<string, unknown>): unknown {
  if (id === undefined || id === null) return urn;
  return id === "" ? UNKNOWN : plainValue(id);
}
