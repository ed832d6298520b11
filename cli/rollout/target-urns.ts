import { SLOTS } from "../../rollout/declaration";

/** Components that a service's traffic is made of: the slots and the routes to them. Both have the service's name. */
const COMPONENTS = ["slipway:index:Rollout", "slipway:index:ServiceRoute"];
const STACK_TYPE = "pulumi:pulumi:Stack";

/** What of a resource in a stack's state matters here. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

/**
 * What an update of one service's traffic may touch: everything below its Rollout and its ServiceRoute that the state has, and
 * whatever is new below them, such as the Job of a gate; all of it is named `SERVICE-…`. The stack itself is in it for its outputs.
 * @returns URNs and patterns as the engine takes them: `*` stands for anything but a colon, `**` for anything. None where the
 *   state has no such Rollout
 */
export function rolloutTargets(resources: readonly StateResource[], service: string): readonly string[] {
  const root = resources.find(({ type }) => type === STACK_TYPE)?.urn;
  const components = resources.filter(({ type }) => COMPONENTS.includes(type));
  const own = components.filter(({ urn }) => nameOf(urn) === service);
  if (root === undefined || !own.some(({ type }) => type === COMPONENTS[0])) return [];
  const tops = new Set(own.map(({ urn }) => urn));
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const isBelow = (urn: string | undefined): boolean =>
    urn !== undefined && (tops.has(urn) || isBelow(parents.get(urn)));
  const below = resources.map(({ urn }) => urn).filter(isBelow);
  const others = components.map(({ urn }) => nameOf(urn)).filter((name) => name.startsWith(`${service}-`));
  const patterns = own.flatMap(({ urn }) =>
    prefixes(service, others).map((prefix) => `${urn.slice(0, urn.lastIndexOf("::"))}$**::${prefix}*`),
  );
  return [root, ...below, ...patterns];
}

/**
 * What the names of new resources begin with. `text-*` would also be what a service named `text-fast` has: beside one it is only
 * what can be new in the middle of a rollout, the Jobs of gates and the autoscalers of slots.
 */
function prefixes(service: string, others: readonly string[]): readonly string[] {
  if (others.length === 0) return [`${service}-`];
  const late = [...SLOTS, "gate"].map((part) => `${service}-${part}`);
  return late
    .filter((name) => !others.some((other) => other === name || other.startsWith(`${name}-`)))
    .map((name) => `${name}-`);
}
