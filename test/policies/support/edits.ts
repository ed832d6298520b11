import type { PlainResource } from "../../../policies/testing";
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

/** Takes a resource out of the world. */
export function drop(...roles: readonly string[]): Edit {
  return (world) => roles.forEach((role) => delete world[role]);
}

/** Paths of the deployment's pod spec and of its server container. */
export const pod = (path: string): string => `spec.template.spec.${path}`;
export const server = (path: string): string => pod(`containers.0.${path}`);
