import { z } from "zod";
import { modelConfigSchema } from "../../../runtime/models/model-config-schema";
import { table } from "../../support/reference-page";

/** The parts of JSON Schema that `model.json` needs. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** docs/reference/model.schema.json as the parser has it. */
export function modelJsonSchema(): Schema {
  const schema = z.toJSONSchema(modelConfigSchema, {
    io: "input",
    override: ({ jsonSchema }) => {
      // Bounds of exact numbers say nothing about the field.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.minItems === 0) delete jsonSchema.minItems;
    },
  });
  const { $schema, properties, ...rest } = schema;
  return {
    $schema,
    title: "model.json of Slipway's inference server",
    properties: { $schema: { description: "this schema, for editors", type: "string" }, ...properties },
    ...rest,
  } as Schema;
}

function taken(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.anyOf) return schema.anyOf.map(taken).join(" or ");
  const { type, minimum: least, maximum: most } = schema;
  if (Array.isArray(type)) return type.join(" or ");
  const bounds =
    most !== undefined ? ` from ${least ?? 0} to ${most}` : least !== undefined ? ` >= ${least}` : "";
  switch (type) {
    case "integer":
      return `whole number${bounds}`;
    case "number":
      return `number${bounds}`;
    case "boolean":
      return "true or false";
    case "string":
      return "text";
    case "array":
      return `list of: ${taken(schema.items ?? {})}`;
    case "object":
      return typeof schema.additionalProperties === "object"
        ? `object of name to ${taken(schema.additionalProperties)}`
        : "object";
    default:
      return type === "null" ? "null" : "any value";
  }
}

/** Every field beneath a schema as a row, in the order of the schema. */
export function fieldRows(schema: Schema, prefix = ""): string[][] {
  const rows: string[][] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = prefix + name;
    const fallback = schema.required?.includes(name)
      ? "**required**"
      : field.default === undefined
        ? ""
        : `\`${JSON.stringify(field.default)}\``;
    rows.push([`\`${path}\``, taken(field), fallback, field.description ?? ""]);
    rows.push(...nestedRows(field, path));
  }
  return rows;
}

function nestedRows(field: Schema, path: string): string[][] {
  if (field.anyOf) return field.anyOf.flatMap((option) => nestedRows(option, path));
  if (field.properties) return fieldRows(field, `${path}.`);
  if (field.items) return nestedRows(field.items, `${path}[]`);
  return typeof field.additionalProperties === "object"
    ? nestedRows(field.additionalProperties, `${path}.*`)
    : [];
}

/** docs/reference/model-json.md. */
export function modelJsonPage(): string {
  const { $schema: _, ...properties } = modelJsonSchema().properties ?? {};
  const fields = table(
    ["field", "takes", "default", "meaning"],
    fieldRows({ ...modelJsonSchema(), properties }),
  );
  return `# model.json

\`model.json\` lies beside the versions of a model, \`<model>/model.json\`, and may be missing: every field has a default. A field
that does not exist and a value that does not fit are refused with one sentence, which the repository index and the log hold,
and the model is not loaded; where it was loaded before, it goes on serving as it was.

\`\`\`json
{
  "$schema": "model.schema.json",
  "instances": 2,
  "batching": { "maxBatchSize": 16, "latencyObjectiveMs": 20 },
  "versionPolicy": { "latest": 2 },
  "labels": { "stable": "3", "canary": "4" },
  "warmup": {}
}
\`\`\`

[\`model.schema.json\`](model.schema.json) is the same as JSON Schema; \`$schema\` may name a copy of it, for editors.

## Fields

A star stands for a name, brackets for each item of a list.

${fields}

## Versions and labels

\`versionPolicy\` chooses among the version folders. A request that names no version gets the highest that is ready. A label is
the name of a version and stands wherever a version may: in the URL, in gRPC's \`model_version\`, in a step of a pipeline. A label
begins with a letter, so it cannot be taken for a version. Where the version that a label names is not served, the repository
index says so beside that version, and requests for the label get 404 with the labels that there are.

## What changes the models of a running server

\`--model-control\` decides:

- \`none\` (the default): every model is loaded at the start, and nothing changes after it.
- \`poll\`: the server looks at the repository every \`--poll-interval\` seconds: at size and time of \`model.json\` and of the files
  in each version's folder. A change is followed when two looks have seen the same, so that a model which is being copied is left
  alone until it is whole. New folders are loaded, changed ones loaded again, those that are gone unloaded. What could not be
  loaded is tried again although its files are the same, for the reason may pass: after 10 s, then after pauses that double up to
  10 minutes, eight times in all.
- \`explicit\`: the models of \`--load-model\` are loaded at the start (\`*\` for all), others by \`POST
  /v2/repository/models/<model>/load\` or gRPC's \`RepositoryModelLoad\`, and taken out by \`unload\`. Both need the scope \`admin\`
  where the server asks for credentials. In the other modes they are answered with 409.

Loading a model that is loaded reads its folder again and exchanges every version. The old version serves until the new one is
ready; whoever has been given the old one is answered by it. Where the new one is broken, the old one goes on serving and the
repository index says why: beside the new version with the state \`UNAVAILABLE\`, or, where the same version's file has changed,
beside that version, which stays \`READY\`. A label moves when the version that it names is ready. Readiness waits for what was
there at the start and for what has been ready since, not for a version that came later and is broken. A server that starts anew
serves what it would have gone on serving: with \`latest\`, the next lower version stands in for one that cannot be loaded, and the
index says so, unless \`specific\` or \`sha256\` say which versions are meant.

\`load\` takes the parameter \`config\`: JSON with fields of \`model.json\` that take the place of the file's until the next load. Fields of
Triton's model configuration do as well: \`max_batch_size\`, \`dynamic_batching\` with its sizes, delay, order, priorities and default
queue policy, \`instance_group\` and \`version_policy\`; \`name\`, \`platform\`, \`backend\` and \`default_model_filename\` must be the model's own.
Other fields are refused by their names, unless they are empty. \`file:\` parameters are not taken: put files into the repository. A
pipeline's models are loaded with it where they are not;
\`unload\` with \`unload_dependents\` takes those out again that were loaded for it only, and the pipelines that run the model. A
pipeline that lacks a model says so in the index and is loaded when the model appears.

## Lazy models and memory

A model with \`lazy\` counts as ready and is loaded by the first request for it, metadata and configuration included; requests wait
for one load. Where that fails they get 503 with the reason, and the load is tried again after a second, later after up to a
minute.

\`--model-memory-budget\` bounds the bytes that loaded models hold: their sessions as measured at load, and 11 MiB for each worker
thread. Before a model was ever loaded it is expected to hold 3.8 times the size of its files. When a model is asked for that does
not fit, those unused for longest make room; they count as ready and are loaded again by the next request for them. A model with a
request under way is never unloaded for another: where only such are left, the request for the other gets 503. Where a model turns
out to hold more than was expected, idle ones make room for the difference, and those in use as soon as they are idle. At the start models
are loaded as long as they fit, the others on first use. One that would not fit even alone is not loaded, and the index says what
it needs. While a model is exchanged, its old and its new load are both there, beyond the budget if need be.
`;
}
