import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import {
  Archive,
  Asset,
  isList,
  isObject,
  isSecret,
  isUnknown,
  ResourceReference,
  Secret,
  UNKNOWN,
} from "./values";
import type { Properties, Value } from "./values";

// The constants of Pulumi's wire format: sdk/go/common/resource/plugin/rpc.go and sdk/go/common/resource/sig/sig.go.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** One placeholder for each type that an unknown may turn out to have. */
const UNKNOWNS = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

type Json = { readonly [key: string]: unknown };

function optionalString(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function decodeObject(value: Json): Properties {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, decode(member)]));
}

function decodeSpecial(value: Json): Value {
  switch (value[SIGNATURE]) {
    case SECRET:
      return new Secret(decode(value.value));
    case OUTPUT: {
      // Dependencies are dropped: a provider has no use for them.
      const inner = "value" in value ? decode(value.value) : UNKNOWN;
      return value.secret === true ? new Secret(inner) : inner;
    }
    case ASSET:
      return new Asset({
        hash: optionalString(value.hash),
        // An asset may well be the empty text.
        text: typeof value.text === "string" ? value.text : undefined,
        path: optionalString(value.path),
        uri: optionalString(value.uri),
      });
    case ARCHIVE:
      return new Archive({
        hash: optionalString(value.hash),
        assets: isObject(value.assets) ? decodeObject(value.assets) : undefined,
        path: optionalString(value.path),
        uri: optionalString(value.uri),
      });
    case RESOURCE: {
      const id = decode(value.id);
      return new ResourceReference(
        String(value.urn),
        isUnknown(id) || typeof id === "string" ? id : undefined,
        optionalString(value.packageVersion) ?? "",
      );
    }
    default:
      throw new TypeError(`A property has the signature "${String(value[SIGNATURE])}", which is not known.`);
  }
}

function decode(value: unknown): Value {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(decode);
  const object = value as Json;
  return SIGNATURE in object ? decodeSpecial(object) : decodeObject(object);
}

function encodeObject(value: { readonly [key: string]: Value }): { [key: string]: JavaScriptValue } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, encode(member)]));
}

function encode(value: Value): JavaScriptValue {
  if (value === null || value === undefined) return null;
  if (isUnknown(value)) return UNKNOWN_STRING;
  if (isSecret(value)) return { [SIGNATURE]: SECRET, value: encode(value.value) };
  if (value instanceof Asset) return { [SIGNATURE]: ASSET, ...encodeObject(value.fields) };
  if (value instanceof Archive) return { [SIGNATURE]: ARCHIVE, ...encodeObject(value.fields) };
  if (value instanceof ResourceReference) {
    const { urn, id, packageVersion } = value;
    return { [SIGNATURE]: RESOURCE, ...encodeObject({ urn, id, packageVersion }) };
  }
  if (isList(value)) return value.map(encode);
  return isObject(value) ? encodeObject(value) : value;
}

/** Decodes what the engine sent. A missing struct is an empty object. */
export function decodeProperties(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : decodeObject(struct.toJavaScript());
}

/** Encodes for the engine. Members that are `undefined` are left out. */
export function encodeProperties(properties: { readonly [key: string]: Value }): Struct {
  return Struct.fromJavaScript(encodeObject(properties));
}
