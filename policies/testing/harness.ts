import {
  type EnforcementLevel,
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  unknownCheckingProxy,
  UnknownValueError,
} from "@pulumi/policy";
import { type CatalogEntry, catalog } from "../catalog";
import { toPolicy } from "../crossguard/policy";
import type { Rule, RuleConfig } from "../model/rule";

/** A resource as a test writes it down. Give `UNKNOWN` for a value that a preview would not know. */
export interface PlainResource {
  /** A Pulumi type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** @default "resource" */
  readonly name?: string;
  readonly props: Record<string, unknown>;
  /** @default made of type and name */
  readonly urn?: string;
  /**
   * Which resources a property's value comes from, by their URNs: what stack rules see of references that a preview
   * does not know. Properties without a source may be left out.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** The resource's option of the same name. @default [] */
  readonly ignoreChanges?: readonly string[];
  /** Properties that the provider fills in, and the program did not give. */
  readonly computed?: readonly string[];
}

/** What a rule said. A rule that holds says nothing. */
export interface Outcome {
  readonly rule: string;
  readonly enforcement: EnforcementLevel;
  readonly state: "fail" | "indeterminate" | "not-applicable";
  readonly message: string;
  /** The resource at fault; undefined where the policy SDK does not name one. */
  readonly urn?: string | undefined;
}

/** Thrown by `notApplicable`, as the SDK does. */
class NotApplicable extends Error {}

function notApplicable(reason?: string): never {
  throw new NotApplicable(reason ?? "");
}

/** The URN that a resource of a test has. */
export function urnOf({ type, name = "resource", urn }: PlainResource): string {
  return urn ?? `urn:pulumi:test::test::${type}::${name}`;
}

function resourceArgs(resource: PlainResource, config: RuleConfig): ResourceValidationArgs {
  return {
    type: resource.type,
    name: resource.name ?? "resource",
    urn: urnOf(resource),
    // As the SDK does it: an unknown value throws as soon as a policy reads it.
    props: unknownCheckingProxy(resource.props) as Record<string, unknown>,
    opts: {
      protect: false,
      ignoreChanges: [...(resource.ignoreChanges ?? [])],
      aliases: [],
      customTimeouts: noTimeouts,
      additionalSecretOutputs: [],
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T extends object>() => config as T,
    notApplicable,
  };
}

const noTimeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

function stackArgs(resources: readonly PlainResource[], config: RuleConfig): StackValidationArgs {
  return {
    resources: policyResources(resources, config),
    stackTags: new Map(),
    getConfig: <T extends object>() => config as T,
    notApplicable,
  };
}

/** As the engine does it: each property that was given, with the resources of this stack that its value comes from. */
function policyResources(resources: readonly PlainResource[], config: RuleConfig): PolicyResource[] {
  const made = resources.map((resource): PolicyResource => {
    const { type, name, urn, props, opts, isType } = resourceArgs(resource, config);
    const { computed = [] } = resource;
    const given = Object.keys(resource.props).filter((property) => !computed.includes(property));
    const shape = { opts, isType, asType: () => undefined, dependencies: [] };
    return {
      type,
      name,
      urn,
      props,
      ...shape,
      propertyDependencies: Object.fromEntries(given.map((property) => [property, []])),
    };
  });
  const byUrn = new Map(made.map((resource) => [resource.urn, resource]));
  resources.forEach(({ dependencies = {} }, index) => {
    for (const [property, urns] of Object.entries(dependencies)) {
      made[index]!.propertyDependencies[property] = urns.flatMap((urn) => byUrn.get(urn) ?? []);
    }
  });
  return made;
}

/** Runs one rule through its CrossGuard policy, the way the engine would for these resources. */
export async function runRule(
  rule: Rule,
  resources: readonly PlainResource[],
  config: RuleConfig = {},
  enforcement: EnforcementLevel = "mandatory",
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const add = (state: Outcome["state"], message: string, urn?: string): void => {
    outcomes.push({ rule: rule.id, enforcement, state, message, urn });
  };
  const guarded = async (urn: string | undefined, run: () => Promise<void> | void): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof NotApplicable) add("not-applicable", error.message, urn);
      else if (error instanceof UnknownValueError) add("indeterminate", (error as Error).message, urn);
      else throw error;
    }
  };
  const policy = toPolicy(rule, enforcement);
  if (isStackPolicy(policy)) {
    const args = stackArgs(resources, config);
    await guarded(undefined, () => policy.validateStack(args, (message, urn) => add("fail", message, urn)));
    return outcomes;
  }
  for (const validate of [policy.validateResource ?? []].flat()) {
    for (const resource of resources) {
      const args = resourceArgs(resource, config);
      await guarded(args.urn, () => validate(args, (message) => add("fail", message, args.urn)));
    }
  }
  return outcomes;
}

function isStackPolicy(
  policy: ResourceValidationPolicy | StackValidationPolicy,
): policy is StackValidationPolicy {
  return "validateStack" in policy;
}

/** Runs every rule of a catalog (the pack's own unless another is given); config is by rule id. */
export async function runPack(
  resources: readonly PlainResource[],
  options: {
    readonly entries?: readonly CatalogEntry[];
    readonly config?: Readonly<Record<string, RuleConfig>>;
  } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { rule, enforcement } of options.entries ?? catalog) {
    outcomes.push(...(await runRule(rule, resources, options.config?.[rule.id], enforcement)));
  }
  return outcomes;
}
