import { autoName } from "../autoname";
import { diffInputs } from "../diff";
import type * as api from "../provider";
import { isUnknown, reveal, UNKNOWN } from "../values";
import type { Properties, Value } from "../values";
import type { Recorder } from "./recorder";
import { refusal } from "./refusal";
import type { ResourceType, SdkTypes } from "./sdk-types";

/** How a resource type gets its name when the program gives it none. */
export interface NamingRule {
  /** The input that holds the name. */
  readonly property: string;
  readonly maxLength: number;
  /** @default false */
  readonly lowerCase?: boolean;
}

/** Answers one function of the provider. Every result is known: the engine refuses unknown ones. */
export type CloudFunction = (args: Properties, config: Properties) => Properties;

export interface PreviewOnlyOptions {
  readonly name: string;
  readonly version: string;
  readonly types: SdkTypes;
  /** `undefined`: this type has no generated name. */
  naming(type: string, described: ResourceType): NamingRule | undefined;
  /** Properties that cannot change in place, beside those that the SDK's documentation tells. */
  readonly replaceOnChange: { readonly [type: string]: readonly string[] };
  /** By token. Functions that are right without asking the cloud. */
  readonly pureFunctions: { readonly [token: string]: CloudFunction };
  /** By token. Functions whose answer is made up for a preview, in the right shape. */
  readonly previewFunctions: { readonly [token: string]: CloudFunction };
  /** Outputs that can be told without the cloud, e.g. a region. */
  knownOutputs?(type: string, inputs: Properties, config: Properties): Properties;
  /** Pretends that resources are made, so that a test can compare two previews. No command sets it. */
  readonly recorder?: Recorder;
}

/**
 * A cloud provider that can be previewed without the cloud: it checks inputs against the SDK, makes names, compares,
 * and says which outputs will be known only later. Whatever would change or read the real cloud is refused.
 */
export class PreviewOnlyProvider implements api.Provider {
  readonly name: string;
  readonly version: string;
  private config: Properties = {};

  constructor(private readonly options: PreviewOnlyOptions) {
    this.name = options.name;
    this.version = options.version;
  }

  async configure({ config }: api.ConfigureRequest): Promise<void> {
    this.config = config;
  }

  async check(request: api.CheckRequest): Promise<api.CheckResult> {
    const { type, newInputs, oldInputs } = request;
    const described = this.options.types.describe(type);
    if (described === undefined) return { inputs: newInputs };
    const unexpected = Object.keys(newInputs).filter((name) => !described.inputs.has(name));
    const missing = described.required.filter((name) => newInputs[name] === undefined);
    const failures = [
      ...unexpected.map((name) => ({ property: name, reason: `${type} has no input \`${name}\`.` })),
      ...missing.map((name) => ({ property: name, reason: `\`${name}\` is required.` })),
    ];
    return { inputs: { ...newInputs, ...this.generatedName(request, described, oldInputs) }, failures };
  }

  private generatedName(request: api.CheckRequest, described: ResourceType, old: Properties): Properties {
    const rule = this.options.naming(request.type, described);
    if (rule === undefined || !described.inputs.has(rule.property)) return {};
    const { property, maxLength, lowerCase = false } = rule;
    if ([property, `${property}Prefix`].some((name) => request.newInputs[name] !== undefined)) return {};
    // A name once made stays.
    if (old[property] !== undefined) return { [property]: old[property] };
    const name = lowerCase ? request.name.toLowerCase() : request.name;
    return { [property]: autoName({ ...request, name, maxLength, randomLength: 7 }) };
  }

  async diff({ type, oldInputs, newInputs }: api.DiffRequest): Promise<api.DiffResult> {
    const described = this.options.types.describe(type);
    const fixed = new Set([
      ...(this.options.replaceOnChange[type] ?? []),
      ...(described?.replaceOnChange ?? []),
      ...(described ? [this.options.naming(type, described)?.property] : []),
    ]);
    return diffInputs(oldInputs, newInputs, ([property]) => fixed.has(String(property)));
  }

  /** Inputs, what can be told without the cloud, and `UNKNOWN` for what the cloud fills in. */
  private plannedOutputs(type: string, inputs: Properties): Properties {
    const described = this.options.types.describe(type);
    const outputs: Properties = {};
    for (const [name, { optional }] of described?.outputs ?? []) {
      const computed = described?.inputs.has(name) === false || !optional;
      if (computed) outputs[name] = UNKNOWN;
    }
    return { ...outputs, ...this.options.knownOutputs?.(type, inputs, this.config), ...inputs };
  }

  async create(request: api.CreateRequest): Promise<api.CreateResult> {
    const { type, name, inputs, preview } = request;
    const planned = this.plannedOutputs(type, inputs);
    if (preview) return { id: "", outputs: planned };
    const { recorder } = this.options;
    if (recorder === undefined) throw this.refuse(`${type} "${name}" is not created`);
    return recorder.create(request, planned, this.options.types.describe(type));
  }

  async read({ type, name, id, inputs, outputs }: api.ReadRequest): Promise<api.ReadResult | undefined> {
    if (this.options.recorder === undefined) throw this.refuse(`${type} "${name}" is not read`);
    return { id, inputs, outputs };
  }

  async update({ type, name, oldOutputs, newInputs, preview }: api.UpdateRequest): Promise<Properties> {
    if (!preview && this.options.recorder === undefined)
      throw this.refuse(`${type} "${name}" is not updated`);
    // What the cloud filled in stays as it is unless an input says otherwise.
    return { ...oldOutputs, ...this.options.knownOutputs?.(type, newInputs, this.config), ...newInputs };
  }

  async delete({ type, name }: api.DeleteRequest): Promise<void> {
    if (this.options.recorder === undefined) throw this.refuse(`${type} "${name}" is not deleted`);
  }

  async invoke({ token, args, preview }: api.InvokeRequest): Promise<api.InvokeResult> {
    const { pureFunctions, previewFunctions, recorder } = this.options;
    const pure = pureFunctions[token];
    if (pure) return { result: pure(args, this.config) };
    if (!preview && recorder === undefined) throw this.refuse(`The function "${token}" is not called`);
    const known = previewFunctions[token];
    if (known === undefined) throw this.refuse(`The function "${token}" is not known`);
    return { result: known(args, this.config) };
  }

  private refuse(what: string): Error {
    return refusal(this, what);
  }
}

/** A text among properties; `undefined` where it is absent, unknown, or something else. */
export function textOf(properties: Properties, name: string): string | undefined {
  const value: Value = reveal(properties[name]);
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}
