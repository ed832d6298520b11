import type { PolicyResource } from "@pulumi/policy";
import { StackView } from "../model/stack-view";
import type { PropertyDependencies } from "../model/subject";
import { unwrapOutputs, unwrapProperties } from "../model/unwrap";

type Sources = PolicyResource["propertyDependencies"];

interface Seen {
  readonly urn: string;
  /** The properties behind the SDK's proxy: the same object for as long as nothing was read anew. */
  readonly props: unknown;
  readonly dependencies: PropertyDependencies;
}

let last: { readonly seen: readonly Seen[]; readonly view: StackView } | undefined;

/** The view of a stack. Rules are asked one after the other about the same stack: it is indexed once for all of them. */
export function viewOf(resources: readonly PolicyResource[]): StackView {
  if (last && isSame(last.seen, resources)) return last.view;
  const seen = resources.map(({ urn, props, propertyDependencies }) => ({
    urn,
    props: unwrapProperties(props),
    dependencies: urnsOf(propertyDependencies),
  }));
  const view = new StackView(
    resources.map(({ type, urn, name, props }, i) => ({
      type,
      urn,
      name,
      props: unwrapOutputs(props),
      dependencies: seen[i]!.dependencies,
    })),
  );
  last = { seen, view };
  return view;
}

function isSame(seen: readonly Seen[], resources: readonly PolicyResource[]): boolean {
  if (seen.length !== resources.length) return false;
  return resources.every((resource, i) => {
    const { urn, props, dependencies } = seen[i]!;
    return (
      urn === resource.urn &&
      props === unwrapProperties(resource.props) &&
      sameSources(dependencies, resource.propertyDependencies)
    );
  });
}

function sameSources(known: PropertyDependencies, given: Sources): boolean {
  const properties = Object.keys(given);
  if (properties.length !== Object.keys(known).length) return false;
  return properties.every((property) => {
    const [urns, sources] = [known[property], given[property]!];
    return urns?.length === sources.length && sources.every(({ urn }, i) => urn === urns[i]);
  });
}

function urnsOf(dependencies: Sources): PropertyDependencies {
  return Object.fromEntries(
    Object.entries(dependencies).map(([property, sources]) => [property, sources.map(({ urn }) => urn)]),
  );
}
