import type { PropertyDelta } from "../property-diff";
import type { RiskLevel } from "../risk-level";
import type { ResourceChange } from "../steps";

export interface Effect {
  risk: RiskLevel;
  /** What happens, as the end of a sentence: "its pods stop". */
  words: string;
}

/** One effect, or several that hold at once. */
type Effects = Effect | readonly Effect[];

type EffectOf<T extends unknown[]> = Effects | ((...args: T) => Effects | undefined);

export interface PathRule {
  /** Matched against the property's path with list positions left out: `spec.ports.port`. */
  path: RegExp;
  effect: EffectOf<[PropertyDelta, ResourceChange]>;
}

/** What the operations on one kind of resource mean. */
export interface KindRule {
  /** How a sentence calls it: "the node group". @default the last part of the type */
  noun?: string | ((change: ResourceChange) => string);
  create?: EffectOf<[ResourceChange]>;
  delete?: EffectOf<[ResourceChange]>;
  /** @default that of `delete` */
  replace?: EffectOf<[ResourceChange]>;
  /** The first that fits a property is its effect; a property without one is harmless. */
  update?: readonly PathRule[];
}

/** By kind, see `kindOf`: `kubernetes:apps/Deployment`, `aws:eks/NodeGroup`. */
export type RuleTable = Readonly<Record<string, KindRule>>;

export const dataLoss = (words: string): Effect => ({ risk: "data-loss", words });
export const interruption = (words: string): Effect => ({ risk: "interruption", words });
export const access = (words: string): Effect => ({ risk: "access", words });
export const cost = (words: string): Effect => ({ risk: "cost", words });
export const harmless = (words: string): Effect => ({ risk: "none", words });

export const on = (path: RegExp, effect: PathRule["effect"]): PathRule => ({ path, effect });

/** What is said of an operation or a property; empty where nothing is. */
export function resolve<T extends unknown[]>(effect: EffectOf<T> | undefined, ...args: T): readonly Effect[] {
  const found = typeof effect === "function" ? effect(...args) : effect;
  return found === undefined ? [] : [found].flat();
}

/** All of them: a property has an effect of its own, and one that any property beside it has. */
export const both =
  (...effects: PathRule["effect"][]): PathRule["effect"] =>
  (delta, change) =>
    effects.flatMap((effect) => resolve(effect, delta, change));

/** The same rule for several kinds. */
export const each = (kinds: readonly string[], rule: KindRule): RuleTable =>
  Object.fromEntries(kinds.map((kind) => [kind, rule]));

/** Every operation on such a resource has the same risk. */
export const always = (effect: Effect, noun?: string): KindRule => ({
  noun,
  create: effect,
  delete: effect,
  replace: effect,
  update: [on(/^(?!metadata\.(labels|annotations)|tags)/, effect)],
});

const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A number, or a Kubernetes quantity ("250m", "4Gi"); undefined for anything else. */
export function amount(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)([A-Za-z]{0,2})$/.exec(value) : null;
  if (!match) return undefined;
  const factor = match[2] ? SUFFIXES[match[2]] : 1;
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

/** One effect where the amount grows, or cannot be told; another where it shrinks. */
export const whenMore =
  (more: Effect, less: Effect, unset = 0) =>
  ({ before, after }: PropertyDelta): Effect => {
    const [old, next] = [amount(before ?? unset), amount(after ?? unset)];
    return old !== undefined && next !== undefined && next < old ? less : more;
  };
