import type { ReportedResource } from "../report";
import { sourceLine } from "./source-line";
import { isProvider, parseUrn, STACK_TYPE } from "./urn";

/** What state and events both say of a resource's place. */
export interface PlacedResource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string | undefined;
  /** False for a component. */
  readonly custom: boolean;
  /** The engine's words for where it was declared, its own first. */
  readonly positions: readonly (string | undefined)[];
}

/** As the report shows them; providers are no resources that a rule is about. */
export function reportedResources(placed: Iterable<PlacedResource>, projectRoot: string): ReportedResource[] {
  const byUrn = new Map<string, PlacedResource>();
  for (const resource of placed) byUrn.set(resource.urn, resource);
  return [...byUrn.values()]
    .filter(({ type }) => !isProvider(type))
    .map((resource) => {
      const { urn, type, positions } = resource;
      const component = componentAbove(resource, byUrn);
      const source = sourceLine(positions, projectRoot);
      return {
        urn,
        type,
        name: parseUrn(urn).name,
        ...(component !== undefined && { component }),
        ...(source && { source }),
      };
    });
}

function componentAbove(
  { urn, parent }: PlacedResource,
  byUrn: ReadonlyMap<string, PlacedResource>,
): string | undefined {
  const seen = new Set([urn]);
  // A state made by hand can go round in circles.
  for (let above = parent; above !== undefined && !seen.has(above);) {
    seen.add(above);
    const resource = byUrn.get(above);
    if (!resource || resource.type === STACK_TYPE) return undefined;
    if (!resource.custom) return `${resource.type} ${parseUrn(above).name}`;
    above = resource.parent;
  }
  return undefined;
}
