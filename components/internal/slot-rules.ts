import type * as pulumi from "@pulumi/pulumi";
import { otherSlot, type Slot } from "../../rollout/declaration";

/** A request header (or gRPC metadata) that asks for one slot, whatever its share: the preview of an idle one. */
export const SLOT_HEADER = "slipway-slot";
/** A cookie of the same name keeps a client on its side. */
const SLOT_COOKIE = "slipway-slot";
/** Seconds for which a client keeps it: longer than rollouts take. Its rules end with the rollout. */
const COOKIE_LIFE = 30 * 86_400;

/** A Service that answers for a slot, and its share of the requests. */
export interface SlotBackend {
  readonly slot: Slot;
  readonly service: pulumi.Input<string>;
  /** In percent. */
  readonly weight: number;
  /** Models in versions that no other slot has: whoever asks for one by its path gets this slot, whatever its share. */
  readonly only: readonly { readonly name: string; readonly version: string }[];
}

/** How the requests of a service are shared by its slots. */
export interface SlotRouting {
  /** Every slot that is filled, blue first: an order that changed would change what Envoy calls its clusters. */
  readonly backends: readonly SlotBackend[];
  readonly live: Slot;
  /** Percent of the requests that the other slot gets a copy of. */
  readonly mirror: number;
  /** Requests for the candidate alone, while it has a share. */
  readonly match: { readonly header: string; readonly value: string } | undefined;
  /** What tells cookies of this candidate from those of earlier ones, where clients are kept on a side. */
  readonly affinity: Known | undefined;
}

/** A text that may be known only when something is there. */
type Known = string | pulumi.Output<string>;

interface HeaderMatch {
  readonly type: string;
  readonly name: string;
  readonly value: pulumi.Input<string>;
}

/** A match of either kind of route. */
export type RuleMatch = object & { readonly headers?: readonly HeaderMatch[] };

/** A filter, as far as anything here looks at it. */
export interface RuleFilter {
  readonly type: string;
  readonly requestHeaderModifier?: { readonly remove: readonly string[] };
  readonly requestMirror?: { readonly backendRef: object; readonly percent: number };
}

/** A rule of either kind of route. */
export interface RouteRule<M extends RuleMatch = RuleMatch> {
  readonly name?: string;
  readonly matches: readonly M[];
  readonly filters: readonly RuleFilter[];
  readonly backendRefs: readonly (ReturnType<typeof backendRef> & { readonly filters?: readonly object[] })[];
}

/** A rule as a service without slots has it, less its backend. */
export interface PlainRule<M extends RuleMatch = RuleMatch> {
  readonly name?: string;
  readonly matches: readonly M[];
  readonly filters: readonly RuleFilter[];
  /** Port of the Services. */
  readonly port: number;
  /** `traffic` is shared; `control` changes a server and is never copied; `gateway` never reaches one. */
  readonly role: "traffic" | "control" | "gateway";
}

/**
 * Matches that a route has for each model, at most: the shares, each slot alone by header and by version, a match, either side's
 * cookie.
 */
export function variantsOf({ match, sticky }: { readonly match: boolean; readonly sticky: boolean }): number {
  return 5 + (match ? 1 : 0) + (sticky ? 2 : 0);
}

// Spelled out although they are the API's defaults: then what is declared equals what is stored.
export const backendRef = (service: pulumi.Input<string>, port: number, weight: number) => ({
  group: "",
  kind: "Service",
  name: service,
  port,
  weight,
});

/**
 * The rules of a route by those of a service without slots. Rules that come and go with the steps of a rollout stand last, since
 * Envoy's clusters are named by a rule's position: what carries the traffic keeps its own. All rules that lead to both slots can be
 * moved by setting the weights of all their backends alike; those that lead to one are for that slot alone.
 * @param fixed further rules, which are there in every step
 */
export function slotRules<M extends RuleMatch>(
  rules: readonly PlainRule<M>[],
  routing: SlotRouting,
  protocol: "http" | "grpc",
  fixed: readonly RouteRule<M>[] = [],
): RouteRule<M>[] {
  const { backends, live, match } = routing;
  const candidate = backends.find(({ slot }) => slot !== live);
  const shares = Object.fromEntries(backends.map(({ slot, weight }) => [slot, weight]));
  const isShared = backends.every(({ weight }) => weight > 0) && backends.length === 2;
  const sticky = protocol === "http" ? routing.affinity : undefined;
  const traffic = rules.filter(({ role }) => role === "traffic");
  const served = rules.filter(({ role }) => role !== "gateway");

  const shared = rules.map((rule) => ({
    ...named(rule.name ?? (rule.role === "traffic" ? "traffic" : undefined)),
    matches: rule.matches,
    filters: [...rule.filters, ...mirrorFilters(rule, routing)],
    backendRefs: backends.map(({ slot, service, weight }) => ({
      ...backendRef(service, rule.port, weight),
      ...(sticky === undefined || rule.role !== "traffic"
        ? {}
        : { filters: [isShared ? rememberSide(slot, sticky) : NO_CHANGE] }),
    })),
  }));
  const alone = backends.flatMap(({ slot, service }) =>
    served.map((rule) => ({
      name: `${rule.name ?? "traffic"}-${slot}`,
      matches: withHeader(rule.matches, { type: "Exact", name: SLOT_HEADER, value: slot }),
      filters: rule.filters,
      backendRefs: [backendRef(service, rule.port, 1)],
    })),
  );
  const toSide = (name: string, slot: Slot, header: HeaderMatch) =>
    traffic.map((rule) => ({
      name: `${rule.name ?? "traffic"}-${name}`,
      matches: withHeader(rule.matches, header),
      filters: rule.filters,
      backendRefs: backends.map((backend) =>
        backendRef(backend.service, rule.port, backend.slot === slot ? 100 : 0),
      ),
    }));
  const matched =
    match && candidate && (shares[candidate.slot] ?? 0) > 0
      ? toSide("match", candidate.slot, { type: "Exact", name: match.header, value: match.value })
      : [];
  const kept =
    sticky !== undefined && isShared
      ? backends.flatMap(({ slot }) => toSide(`kept-${slot}`, slot, cookieMatch(slot, sticky)))
      : [];
  return [...shared, ...alone, ...fixed, ...matched, ...kept];
}

const named = (name: string | undefined) => (name === undefined ? {} : { name });

function withHeader<M extends RuleMatch>(matches: readonly M[], header: HeaderMatch): M[] {
  return matches.map((match) => ({ ...match, headers: [...(match.headers ?? []), header] }));
}

function mirrorFilters(rule: PlainRule, { backends, live, mirror }: SlotRouting): RuleFilter[] {
  const copied = backends.find(({ slot }) => slot === otherSlot(live));
  if (rule.role !== "traffic" || mirror === 0 || !copied) return [];
  const { weight: _weight, ...ref } = backendRef(copied.service, rule.port, 0);
  return [{ type: "RequestMirror", requestMirror: { backendRef: ref, percent: mirror } }];
}

/**
 * Changes no answer. A backend with a filter is a cluster of its own, and one without shares the rule's: with this, that which has
 * the traffic stays the same one when cookies begin or end.
 */
const NO_CHANGE = {
  type: "ResponseHeaderModifier",
  responseHeaderModifier: { remove: ["slipway-no-change"] },
};

const mapped = (id: Known, text: (id: string) => string): Known =>
  typeof id === "string" ? text(id) : id.apply(text);

/** Gives a client that has been sent to a side the cookie that keeps it there. */
function rememberSide(slot: Slot, id: Known) {
  const value = mapped(
    id,
    (candidate) =>
      `${SLOT_COOKIE}=${slot}.${candidate}; Path=/; Max-Age=${COOKIE_LIFE}; Secure; HttpOnly; SameSite=Lax`,
  );
  return { type: "ResponseHeaderModifier", responseHeaderModifier: { add: [{ name: "Set-Cookie", value }] } };
}

/** The whole header must match: it may hold other cookies too. */
function cookieMatch(slot: Slot, id: Known): HeaderMatch {
  const value = mapped(id, (candidate) => `(.*; ?)?${SLOT_COOKIE}=${slot}\\.${candidate}(;.*)?`);
  return { type: "RegularExpression", name: "Cookie", value };
}
