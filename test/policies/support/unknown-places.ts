import { judgeStack } from "../../../policies/model/judge";
import type { RuleConfig, StackRule } from "../../../policies/model/rule";
import { StackView } from "../../../policies/model/stack-view";
import type { DeclaredResource } from "../../../policies/model/subject";
import { type PlainResource, UNKNOWN, urnOf } from "../../../policies/testing";
import type { World } from "./world";

type Holder = Record<string, unknown>;

interface Place {
  readonly owner: Holder;
  readonly key: string;
  /** Role and steps, as in `service.spec.ports.0`. */
  readonly path: string;
}

function placesIn(owner: unknown, path: string): Place[] {
  if (typeof owner !== "object" || owner === null) return [];
  const holder = owner as Holder;
  return Object.keys(holder).flatMap((key) => [
    { owner: holder, key, path: `${path}.${key}` },
    ...placesIn(holder[key], `${path}.${key}`),
  ]);
}

/** As the engine hands it to stack rules: each property that was given, with what its value comes from. */
function declared(resource: PlainResource): DeclaredResource {
  const { type, name = "resource", props, ignoreChanges, computed = [], dependencies } = resource;
  const given = Object.keys(props).filter((property) => !computed.includes(property));
  return {
    type,
    name,
    urn: urnOf(resource),
    props,
    dependencies: { ...Object.fromEntries(given.map((property) => [property, []])), ...dependencies },
    ...(ignoreChanges && { ignoreChanges }),
  };
}

/**
 * The places of a world where a rule that fails says nothing any more once the value there is not known: of a resource that it
 * failed, neither that it fails nor that it cannot tell.
 */
export function silencingPlaces(rule: StackRule, world: World, config: RuleConfig): string[] {
  const resources = Object.values(world).map(declared);
  const judge = () => judgeStack(rule, new StackView(resources), config);
  const failing = new Set(judge().flatMap(({ state, urn }) => (state === "fail" ? [urn] : [])));
  const places = Object.entries(world).flatMap(([role, { props }]) => placesIn(props, role));
  return places.flatMap(({ owner, key, path }) => {
    const value = owner[key];
    owner[key] = UNKNOWN;
    const named = new Set(judge().map(({ urn }) => urn));
    owner[key] = value;
    return [...failing].every((urn) => named.has(urn)) ? [] : [path];
  });
}
