import {
  type PolicyResource,
  type PolicyResourceOptions,
  type ResourceValidationArgs,
  type StackValidationArgs,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { type PlainResource, urnOf } from "./plain-resource";

/** What the SDK hands to every policy of a run, whatever the resource. */
export type Surroundings = Pick<StackValidationArgs, "stackTags" | "getConfig" | "notApplicable">;

/** What of its arguments differs from one resource to the next. */
export type ResourceArgs = Omit<ResourceValidationArgs, keyof Surroundings>;

const NO_TIMEOUTS = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

/** As the SDK does it: an unknown value throws as soon as a policy reads it. */
const checked = (props: Record<string, unknown>): Record<string, unknown> =>
  unknownCheckingProxy(given(props)) as Record<string, unknown>;

/** What is undefined never reaches the engine. */
const given = (props: Record<string, unknown>): Record<string, unknown> =>
  Object.values(props).includes(undefined)
    ? Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined))
    : props;

/** A resource as policies of one resource are given it. */
export function resourceArgs(resource: PlainResource): ResourceArgs {
  const { type, name = "resource", provider } = resource;
  const props = checked(resource.props);
  return {
    type,
    name,
    urn: urnOf(resource),
    props,
    opts: optionsOf(resource),
    ...typeChecks(type, props),
    ...(provider && { provider: { ...provider, props: checked(provider.props) } }),
  };
}

/**
 * A stack's resources as its policies are given them: with outputs in the place of inputs, and for each property that was given
 * the resources of this stack that its value comes from.
 */
export function policyResources(resources: readonly PlainResource[]): PolicyResource[] {
  const made = resources.map((resource): PolicyResource => {
    const { props, outputs = props, computed = [] } = resource;
    const shown = checked(outputs);
    const names = Object.keys(given(props)).filter((property) => !computed.includes(property));
    return {
      ...resourceArgs(resource),
      props: shown,
      ...typeChecks(resource.type, shown),
      dependencies: [],
      propertyDependencies: Object.fromEntries(names.map((property) => [property, []])),
    };
  });
  const byUrn = new Map(made.map((resource) => [resource.urn, resource]));
  const found = (urns: readonly string[]): PolicyResource[] => urns.flatMap((urn) => byUrn.get(urn) ?? []);
  resources.forEach(({ dependencies = {}, dependsOn = [] }, index) => {
    const resource = made[index]!;
    for (const [property, urns] of Object.entries(dependencies)) {
      resource.propertyDependencies[property] = found(urns);
    }
    const sources = Object.values(resource.propertyDependencies).flat();
    resource.dependencies = [...new Set([...found(dependsOn), ...sources])];
    const parent = byUrn.get(resource.opts.parent ?? "");
    if (parent) resource.parent = parent;
  });
  return made;
}

function optionsOf({ ignoreChanges = [], options = {} }: PlainResource): PolicyResourceOptions {
  return {
    protect: false,
    aliases: [],
    customTimeouts: NO_TIMEOUTS,
    additionalSecretOutputs: [],
    ...options,
    ignoreChanges: [...ignoreChanges],
  };
}

function typeChecks(type: string, props: unknown): Pick<ResourceValidationArgs, "isType" | "asType"> {
  return {
    isType: (resourceClass) => isOfType(type, resourceClass),
    asType: (resourceClass) => (isOfType(type, resourceClass) ? (props as never) : undefined),
  };
}

/** As the SDK asks it: classes of providers carry their type, others can tell an instance. */
function isOfType(type: string, resourceClass: unknown): boolean {
  const { __pulumiType, isInstance } = resourceClass as {
    readonly __pulumiType?: unknown;
    readonly isInstance?: (instance: object) => unknown;
  };
  if (typeof __pulumiType === "string" && __pulumiType !== "") return __pulumiType === type;
  return typeof isInstance === "function" && isInstance.call(resourceClass, { __pulumiType: type }) === true;
}
