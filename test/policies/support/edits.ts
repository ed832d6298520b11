import { type PlainResource, UNKNOWN, urnOf } from "../../../policies/testing";
import type { World } from "./world";

/** One change to a good world. */
export type Edit = (world: World) => void;

type Path = string | readonly string[];

function walk(world: World, role: string, path: Path): { owner: Record<string, unknown>; key: string } {
  const keys = typeof path === "string" ? path.split(".") : [...path];
  const key = keys.pop() ?? "";
  let owner = world[role]?.props;
  if (!owner) throw new Error(`The world has no \`${role}\`.`);
  for (const step of keys) {
    owner[step] ??= {};
    owner = owner[step] as Record<string, unknown>;
  }
  return { owner, key };
}

/** Sets a value; steps are separated by dots (array indices too), or given one by one where a key has dots. */
export function set(role: string, path: Path, value: unknown): Edit {
  return (world) => {
    const { owner, key } = walk(world, role, path);
    owner[key] = structuredClone(value);
  };
}

export function remove(role: string, path: Path): Edit {
  return (world) => {
    const { owner, key } = walk(world, role, path);
    delete owner[key];
  };
}

/** Adds a resource, or replaces the one of that role. */
export function put(role: string, type: string, props: Record<string, unknown>): Edit {
  return (world) => {
    const resource: PlainResource = { type, name: role, props: structuredClone(props) };
    world[role] = resource;
  };
}

/** Says that a property's value comes from other resources, as the engine knows also of values that it does not know yet. */
export function comesFrom(role: string, property: string, ...sources: readonly string[]): Edit {
  return (world) => {
    const resource = world[role];
    if (!resource) throw new Error(`The world has no \`${role}\`.`);
    const urns = sources.map((source) => urnOf(world[source] ?? { type: source, props: {} }));
    world[role] = { ...resource, dependencies: { ...resource.dependencies, [property]: urns } };
  };
}

/** Makes a property one that the provider fills in, with a value that a preview does not know. */
export function computed(role: string, property: string): Edit {
  return (world) => {
    set(role, property, UNKNOWN)(world);
    const resource = world[role];
    if (resource) world[role] = { ...resource, computed: [...(resource.computed ?? []), property] };
  };
}

/** Takes a resource out of the world. */
export function drop(...roles: readonly string[]): Edit {
  return (world) => roles.forEach((role) => delete world[role]);
}

/** Paths of the deployment's pod spec and of its server container. */
export const pod = (path: string): string => `spec.template.spec.${path}`;
export const server = (path: string): string => pod(`containers.0.${path}`);
