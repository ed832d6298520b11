import { SLOTS, type Slot, type Weights } from "../../rollout/declaration";

/** Kubernetes Service of each filled slot. */
export type SlotServices = Readonly<Partial<Record<Slot, string>>>;

interface HeaderMatch {
  readonly name?: string;
  readonly value?: string;
}
interface BackendRef {
  readonly name?: string;
  readonly weight?: number;
  readonly [field: string]: unknown;
}
interface Filter {
  readonly requestMirror?: { readonly backendRef?: BackendRef; readonly percent?: number };
  readonly [field: string]: unknown;
}
export interface RouteRule {
  readonly name?: string;
  readonly matches?: readonly { readonly headers?: readonly HeaderMatch[] }[];
  readonly filters?: readonly Filter[];
  readonly backendRefs?: readonly BackendRef[];
  readonly [field: string]: unknown;
}

/** Header by which a caller asks for one slot, and name of the cookie that keeps a client on one. */
const SLOT_HEADER = "slipway-slot";

/**
 * Rules for requests that a header sends to the candidate whatever its share, or a path to the slot that has a version, are told by
 * their name.
 */
const SPECIAL_RULE = /-match$|^version-(blue|green)$/;

const slotOf = (services: SlotServices, ref: BackendRef | undefined): Slot | undefined =>
  SLOTS.find((slot) => services[slot] !== undefined && services[slot] === ref?.name);

const slotsOf = ({ backendRefs = [] }: RouteRule, services: SlotServices) =>
  new Set(backendRefs.flatMap((ref) => slotOf(services, ref) ?? []));

/** Some requests only: those that ask for a slot or a version, carry a side's cookie, or have the header of a canary's `match`. */
const isForSome = (rule: RouteRule) =>
  SPECIAL_RULE.test(rule.name ?? "") ||
  (rule.matches ?? []).some(({ headers = [] }) =>
    headers.some(
      ({ name = "", value = "" }) =>
        name.toLowerCase() === SLOT_HEADER ||
        (name.toLowerCase() === "cookie" && value.includes(SLOT_HEADER)),
    ),
  );

/** Share of each slot in a rule, in percent. */
function weightsOf({ backendRefs = [] }: RouteRule, services: SlotServices): Weights {
  const sums: Record<Slot, number> = { blue: 0, green: 0 };
  for (const ref of backendRefs) {
    const slot = slotOf(services, ref);
    if (slot) sums[slot] += ref.weight ?? 1;
  }
  const total = sums.blue + sums.green;
  if (total === 0) return sums;
  const blue = Math.round((100 * sums.blue) / total);
  return { blue, green: 100 - blue };
}

const copiesToSlot = (services: SlotServices, { requestMirror }: Filter) =>
  slotOf(services, requestMirror?.backendRef) !== undefined;

function mirrorOf({ filters = [] }: RouteRule, services: SlotServices): number {
  const copying = filters.find((filter) => copiesToSlot(services, filter));
  return copying ? (copying.requestMirror?.percent ?? 100) : 0;
}

export interface RouteShares {
  readonly weights: Weights;
  /** Percent of requests that are copied. */
  readonly mirror: number;
}

/**
 * What a route does with requests that ask for nothing special. Rules that change a server are never copied, so of those that
 * share alike the one that copies most speaks. More than one entry where rules disagree about weights.
 */
export function sharesOf(rules: readonly RouteRule[], services: SlotServices): readonly RouteShares[] {
  const shared = rules.filter((rule) => !isForSome(rule) && slotsOf(rule, services).size > 0);
  const found = new Map<string, RouteShares>();
  for (const rule of shared) {
    const weights = weightsOf(rule, services);
    const key = `${weights.blue}/${weights.green}`;
    const mirror = Math.max(mirrorOf(rule, services), found.get(key)?.mirror ?? 0);
    found.set(key, { weights, mirror });
  }
  return [...found.values()];
}

/**
 * The rules with all traffic on `live`: every rule that leads to both slots gives it everything, also those of cookies and of a
 * canary's `match`, and nothing is copied. Rules that lead to one slot are for callers who ask for it. No rule goes or changes its
 * place: Envoy's clusters are named after it.
 */
export function allTrafficTo(
  rules: readonly RouteRule[],
  services: SlotServices,
  live: Slot,
): readonly RouteRule[] {
  return rules.map((rule) => {
    if (slotsOf(rule, services).size < 2) return rule;
    const { filters = [], backendRefs = [] } = rule;
    const kept = filters.filter((filter) => !copiesToSlot(services, filter));
    return {
      ...rule,
      ...(kept.length === filters.length ? {} : { filters: kept }),
      backendRefs: backendRefs.map((ref) => {
        const slot = slotOf(services, ref);
        return slot === undefined ? ref : { ...ref, weight: slot === live ? 100 : 0 };
      }),
    };
  });
}
