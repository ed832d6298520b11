import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MODEL_OPTIONS } from "../../../components/model/model-options";

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

const KINDS: Readonly<Record<string, string>> = {
  integer: "whole number",
  number: "number",
  string: "text",
  boolean: "true or false",
  array: "list",
};

/** The schema in the words of the component's rules. */
function ruleOf(schema: Schema): unknown {
  if (schema.anyOf) return schema.anyOf.map(ruleOf);
  if (schema.const === false) return "false";
  if (schema.type !== "object") return KINDS[schema.type as string];
  if (schema.properties) return rulesOf(schema.properties);
  return { "*": ruleOf(schema.additionalProperties as Schema) };
}

const rulesOf = (properties: Readonly<Record<string, Schema>>): object =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, ruleOf(schema)]));

describe("MODEL_OPTIONS", () => {
  it("are the fields of the server's schema, less those that a Model fills in or has no use for", () => {
    const file = join(__dirname, "../../../docs/reference/model.schema.json");
    const { properties } = JSON.parse(readFileSync(file, "utf8")) as Required<Schema>;
    const { $schema, sha256, pipeline, ...others } = properties;
    assert.ok($schema && sha256 && pipeline);
    assert.deepEqual(MODEL_OPTIONS, rulesOf(others));
  });
});
