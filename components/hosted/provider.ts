import type * as pulumi from "@pulumi/pulumi";
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
  readonly inputProperties: Readonly<Record<string, unknown>>;
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

/** The engine does not hold a program to a component's schema; a misspelt input would silently do nothing. */
function checkNames(component: string, name: string, shape: Shape, inputs: pulumi.Inputs): void {
  const problems = new Problems(component, name);
  const known = Object.keys(shape.inputProperties);
  for (const input of Object.keys(inputs)) {
    problems.check(known.includes(input), input, `is not an input; there are ${known.join(", ")}`);
  }
  for (const input of shape.requiredInputs ?? []) {
    problems.check(inputs[input] !== undefined, input, "is missing");
  }
  problems.throwIfAny();
}
