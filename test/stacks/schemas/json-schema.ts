/** A schema as OpenAPI 3.0 and CRDs write it, and as kubeconform reads it. */
export interface Schema {
  [keyword: string]: unknown;
}

/** What an API server takes for an object: the schemas that it refers to are beside it. */
export interface KindSchema {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: Schema;
}

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords whose value is one schema, a list of schemas, and schemas by name. */
const ONE = new Set(["items", "additionalProperties", "not"]);
const LIST = new Set(["allOf", "anyOf", "oneOf"]);
const NAMED = new Set(["properties"]);
/** They say nothing about what is valid. */
const ASIDE = new Set(["description", "default", "example", "title", "externalDocs", "nullable", "format"]);

const BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$";

/** What OpenAPI's formats mean where the API server refuses anything else. */
function ofFormat(format: unknown): Schema {
  switch (format) {
    case "int32":
      return { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case "byte":
      return { pattern: BASE64 };
    case "date-time":
      return { format };
    default:
      return {};
  }
}

/** Whether fields are taken that the schema does not name. */
const isOpen = (schema: Schema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true ||
  schema["x-kubernetes-embedded-resource"] === true;

/**
 * JSON Schema of a schema in OpenAPI 3.0, with the API server's strictness: fields that it does not know are refused.
 * @param strict false within `allOf`, `anyOf`, `oneOf` and `not`, whose parts name a few of an object's fields only
 * @param refer where a reference leads in the result
 */
export function strictSchema(
  source: Schema,
  refer: (reference: string) => string = (reference) => reference,
  strict = true,
): Schema {
  const entries = Object.entries(source).flatMap(([keyword, value]): [string, unknown][] => {
    if (ASIDE.has(keyword) || keyword.startsWith("x-kubernetes-")) return [];
    if (keyword === "$ref") return [[keyword, refer(value as string)]];
    if (ONE.has(keyword) && isObject(value))
      return [[keyword, strictSchema(value, refer, strict && keyword !== "not")]];
    if (LIST.has(keyword))
      return [[keyword, (value as Schema[]).map((part) => strictSchema(part, refer, false))]];
    if (NAMED.has(keyword)) {
      const members = Object.entries(value as Record<string, Schema>);
      return [[keyword, Object.fromEntries(members.map(([n, s]) => [n, strictSchema(s, refer, strict)]))]];
    }
    return [[keyword, value]];
  });
  const schema: Schema = { ...ofFormat(source.format), ...Object.fromEntries(entries) };
  if (source["x-kubernetes-int-or-string"]) schema.type = ["integer", "string"];
  // OpenAPI 3.0 has these two as marks on the bound, JSON Schema has them as bounds.
  for (const [mark, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (schema[mark] === true) {
      schema[mark] = schema[bound];
      delete schema[bound];
    } else if (schema[mark] === false) delete schema[mark];
  }
  if (source.nullable && typeof schema.type === "string") schema.type = [schema.type, "null"];
  const closed = strict && "properties" in schema && !("additionalProperties" in schema) && !isOpen(source);
  return closed ? { ...schema, additionalProperties: false } : schema;
}
