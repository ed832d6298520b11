import type { PolicyResource } from "@pulumi/policy";
import { StackView } from "../model/stack-view";
import type { PropertyDependencies } from "../model/subject";
import { unwrapOutputs } from "../model/unwrap";

const views = new WeakMap<readonly PolicyResource[], StackView>();

/**
 * The view of a stack. Rules are asked one after the other about the same list of resources (read-stack-once.ts): it is indexed
 * once for all of them.
 */
export function viewOf(resources: readonly PolicyResource[]): StackView {
  let view = views.get(resources);
  if (!view) views.set(resources, (view = index(resources)));
  return view;
}

function index(resources: readonly PolicyResource[]): StackView {
  return new StackView(
    resources.map(({ type, urn, name, props, propertyDependencies, opts }) => ({
      type,
      urn,
      name,
      props: unwrapOutputs(props),
      dependencies: urnsOf(propertyDependencies),
      ignoreChanges: opts.ignoreChanges,
    })),
  );
}

function urnsOf(dependencies: PolicyResource["propertyDependencies"]): PropertyDependencies {
  return Object.fromEntries(
    Object.entries(dependencies).map(([property, sources]) => [property, sources.map(({ urn }) => urn)]),
  );
}
