import * as pulumi from "@pulumi/pulumi";

/** Which resources below a component are adjusted; what is left out does not matter. */
export interface TransformTarget {
  /** Type token, as in "kubernetes:apps/v1:Deployment". */
  readonly type?: string;
  /** Name of the resource in the program, as in "text-deployment". */
  readonly name?: string | RegExp;
}

/** Inputs of a resource, to be changed in place or given back anew; some may be Outputs. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- inputs of any resource of any provider
export type ResourceInputs = Record<string, any>;

/**
 * Adjusts what components declare, where their own inputs do not reach: a label that a company wants, an option of a provider
 * that came out yesterday. For the `transforms` of any component; it sees every resource below it. Policies judge the result.
 * @param change changes the inputs in place, or returns others
 * @throws InputPropertyError where the target names neither type nor name
 * @example
 * const moreShared = transform({ type: "kubernetes:apps/v1:Deployment", name: "text-deployment" }, (inputs) => {
 *   inputs.spec.template.spec.shareProcessNamespace = false;
 * });
 * new ServingStack("slipway", args, { transforms: [moreShared] });
 */
export function transform(
  target: TransformTarget,
  change: (inputs: ResourceInputs, name: string) => ResourceInputs | void,
): pulumi.ResourceTransform {
  const { type, name } = target;
  if (type === undefined && name === undefined) {
    throw new pulumi.InputPropertyError({
      propertyPath: "target",
      reason: "must name a `type`, a `name` or both: anything else would change every resource",
    });
  }
  return (args) => {
    if (type !== undefined && args.type !== type) return undefined;
    if (typeof name === "string" ? args.name !== name : name && !name.test(args.name)) return undefined;
    const inputs = args.props as ResourceInputs;
    return { props: change(inputs, args.name) ?? inputs, opts: args.opts };
  };
}
