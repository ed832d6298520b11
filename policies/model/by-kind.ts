import { kubernetesKind } from "./subject";
import type { TypePattern } from "./type-pattern";

/** What a rule knows of each kind that it judges, by `group/Kind`. */
export type ByKind<T> = Readonly<Record<string, T>>;

/** The types of the kinds, of any version. */
export function typesOfKinds(byKind: ByKind<unknown>): TypePattern[] {
  return Object.keys(byKind).map((key) => `kubernetes:${key.replace("/", "/*:")}`);
}

/** What is known of the kind of a type. */
export function ofKind<T>(byKind: ByKind<T>, type: string): T | undefined {
  const { group = "", kind = "" } = kubernetesKind(type) ?? {};
  return byKind[`${group}/${kind}`];
}
