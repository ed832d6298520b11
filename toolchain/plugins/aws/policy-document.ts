import { crc32 } from "node:zlib";
import { isList, isObject, reveal } from "../shared/values";
import type { Properties, Value } from "../shared/values";

type Json = { [key: string]: unknown };

function list(value: Value): readonly Value[] {
  return isList(value) ? value : [];
}

function texts(value: Value): string[] {
  return list(value).map(String);
}

/** `&{aws:username}` stands for a policy variable, where `${` would have a meaning in the program's language. */
function withVariables(values: readonly string[]): string[] {
  return values.map((value) => value.replaceAll("&{", "${"));
}

/** Order has no meaning; the official provider writes lists in reverse alphabetical order, and so does this one. */
function oneOrMany(values: readonly string[]): string | string[] {
  const [only = ""] = values;
  return values.length === 1 ? only : [...values].sort().reverse();
}

function principals(value: Value): unknown {
  const found: { [type: string]: string[] } = {};
  for (const principal of list(value)) {
    if (!isObject(principal)) continue;
    (found[String(principal.type)] ??= []).push(...withVariables(texts(principal.identifiers)));
  }
  const types = Object.keys(found);
  if (types.length === 0) return undefined;
  // Everyone is written without a type.
  if (types.length === 1 && types[0] === "*" && found["*"]?.join() === "*") return "*";
  return Object.fromEntries(types.sort().map((type) => [type, oneOrMany(found[type] ?? [])]));
}

function conditions(value: Value): unknown {
  const found: { [test: string]: { [variable: string]: string[] } } = {};
  for (const condition of list(value)) {
    if (!isObject(condition)) continue;
    const variables = (found[String(condition.test)] ??= {});
    (variables[String(condition.variable)] ??= []).push(...withVariables(texts(condition.values)));
  }
  if (Object.keys(found).length === 0) return undefined;
  // The order of a condition's values is the program's own.
  return mapValues(found, (variables) =>
    mapValues(variables, (values) => (values.length === 1 ? values[0] : values)),
  );
}

function mapValues<T, U>(object: { [key: string]: T }, map: (value: T) => U): { [key: string]: U } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function optional(key: string, value: unknown): Json {
  return value === undefined ? {} : { [key]: value };
}

function optionalTexts(key: string, value: Value): Json {
  const values = texts(value);
  return values.length === 0 ? {} : { [key]: oneOrMany(values) };
}

function statement(value: Value): Json {
  const fields = isObject(value) ? value : {};
  return {
    ...optional("Sid", fields.sid || undefined),
    Effect: fields.effect ?? "Allow",
    ...optionalTexts("Action", fields.actions),
    ...optionalTexts("NotAction", fields.notActions),
    ...optionalTexts("Resource", withVariables(texts(fields.resources))),
    ...optionalTexts("NotResource", withVariables(texts(fields.notResources))),
    ...optional("Principal", principals(fields.principals)),
    ...optional("NotPrincipal", principals(fields.notPrincipals)),
    ...optional("Condition", conditions(fields.conditions)),
  };
}

function statementsOf(document: string, argument: string): Json[] {
  try {
    const { Statement: found = [] } = JSON.parse(document) as { Statement?: Json | Json[] };
    return Array.isArray(found) ? found : [found];
  } catch {
    throw new Error(`\`${argument}\` must hold policy documents in JSON.`);
  }
}

/** Later statements take the place of earlier ones with the same `Sid`. */
function merge(statements: readonly Json[], overrides: readonly Json[]): Json[] {
  const merged = [...statements];
  for (const override of overrides) {
    const index = merged.findIndex(({ Sid }) => Sid !== undefined && Sid !== "" && Sid === override.Sid);
    if (index < 0) merged.push(override);
    else merged[index] = override;
  }
  return merged;
}

/** JSON as Go writes it: it escapes what HTML would read as markup. */
function encode(document: unknown, indent: number): string {
  const escapes: { [character: string]: string } = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(document, null, indent).replace(
    /[<>&]/g,
    (character) => escapes[character] ?? character,
  );
}

/**
 * Renders an IAM policy document as the data source of the official provider does: it asks nothing of the cloud.
 */
export function policyDocument(args: Properties): Properties {
  const { statements, policyId, version, sourceJson, overrideJson, ...rest } = reveal(args);
  const sources = [...texts(rest.sourcePolicyDocuments), ...(sourceJson ? [String(sourceJson)] : [])];
  const overrides = [...texts(rest.overridePolicyDocuments), ...(overrideJson ? [String(overrideJson)] : [])];
  const own = [
    ...sources.flatMap((document) => statementsOf(document, "sourcePolicyDocuments")),
    ...list(statements).map(statement),
  ];
  const replacing = overrides.flatMap((document) => statementsOf(document, "overridePolicyDocuments"));
  const document = {
    Version: version ?? "2012-10-17",
    ...optional("Id", policyId || undefined),
    Statement: merge(own, replacing),
  };
  const json = encode(document, 2);
  const id = String(crc32(json));
  return { ...args, version: document.Version, id, json, minifiedJson: encode(document, 0) };
}
