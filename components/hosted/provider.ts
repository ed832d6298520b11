import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { Problems } from "../internal/validation";
import * as components from "./index";
import schema from "./schema.json";

type Hosted = new (
  name: string,
  inputs: never,
  opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource & Record<string, unknown>;

/** What the schema says of a component. */
interface Shape {
  readonly inputProperties: Readonly<Record<string, Spec>>;
  readonly requiredInputs?: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

const TOKEN = /^slipway:index:(\w+)$/;

/**
 * Makes components for programs in any language. The schema is the committed one: Pulumi's own host would read it anew from
 * the sources on every start, with a compiler.
 */
export class HostedComponents implements Provider {
  readonly schema: string;

  constructor(readonly version: string) {
    this.schema = JSON.stringify({ ...schema, version });
  }

  async construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<ConstructResult> {
    const kind = TOKEN.exec(type)?.[1] ?? "";
    const shape = (schema.resources as Readonly<Record<string, Shape>>)[type];
    if (!shape || !Object.hasOwn(components, kind)) {
      throw new Error(`"${type}" does not exist; there are ${Object.keys(schema.resources).join(", ")}.`);
    }
    checkNames(kind, name, shape, inputs);
    const Component = (components as unknown as Readonly<Record<string, Hosted>>)[kind]!;
    const component = new Component(name, inputs as never, options);
    const state = Object.keys(shape.properties).map((property) => [property, component[property]]);
    return { urn: component.urn, state: Object.fromEntries(state) as pulumi.Inputs };
  }
}

/** What the schema says of a value. */
interface Spec {
  readonly $ref?: string;
  readonly items?: Spec;
  readonly additionalProperties?: Spec;
}

/** What the schema says of an object that is a value. */
interface ObjectType {
  readonly type: string;
  readonly properties?: Readonly<Record<string, Spec>>;
  readonly required?: readonly string[];
}

/** The engine does not hold a program to a component's schema; a misspelt input would silently do nothing. */
function checkNames(component: string, name: string, shape: Shape, inputs: pulumi.Inputs): void {
  const problems = new Problems(component, name);
  checkFields("", inputs, shape.inputProperties, shape.requiredInputs, problems);
  problems.throwIfAny();
}

function checkFields(
  path: string,
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Spec>>,
  required: readonly string[] | undefined,
  problems: Problems,
): void {
  const at = (field: string) => (path === "" ? field : `${path}.${field}`);
  const known = Object.keys(fields);
  for (const [field, content] of Object.entries(value)) {
    if (known.includes(field)) checkValue(at(field), content, fields[field]!, problems);
    else problems.add(at(field), `is not an input; there are ${known.join(", ")}`);
  }
  for (const field of required ?? []) problems.check(value[field] !== undefined, at(field), "is missing");
}

/** What is known only later, and every value that is no object, is left to the component. */
function checkValue(path: string, value: unknown, spec: Spec, problems: Problems): void {
  if (value === undefined || value === null || pulumi.Output.isInstance(value)) return;
  if (spec.items) {
    if (!Array.isArray(value)) return problems.add(path, "must be a list");
    value.forEach((item, i) => checkValue(`${path}[${i}]`, item, spec.items!, problems));
    return;
  }
  const type = typeOf(spec);
  if (type === undefined && spec.additionalProperties === undefined) return;
  if (typeof value !== "object" || Array.isArray(value)) return problems.add(path, "must be an object");
  const entries = value as Readonly<Record<string, unknown>>;
  if (type) return checkFields(path, entries, type.properties ?? {}, type.required, problems);
  for (const [key, item] of Object.entries(entries))
    checkValue(`${path}.${key}`, item, spec.additionalProperties!, problems);
}

/** The type that a value refers to, where that is an object. */
function typeOf({ $ref }: Spec): ObjectType | undefined {
  const types = schema.types as Readonly<Record<string, ObjectType>>;
  const type = $ref === undefined ? undefined : types[$ref.replace("#/types/", "")];
  return type?.type === "object" ? type : undefined;
}
