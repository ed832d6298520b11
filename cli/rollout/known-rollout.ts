import { contentFrom, modelsOf } from "../../rollout/content";
import { SLOTS, type Slot } from "../../rollout/declaration";
import type { PublishedRollout } from "../../rollout/published";
import type { RouteReference } from "./move-routes";
import type { SlotServices } from "./route-rules";

/**
 * What is known of a rollout before the cluster is asked: all of it where the stack's outputs are at hand, else only what its
 * objects show by their labels.
 */
export type KnownRollout = Omit<PublishedRollout, "strategy" | "gates" | "traffic" | "recordHead"> &
  Partial<Pick<PublishedRollout, "strategy" | "gates" | "traffic" | "recordHead">>;

export const servicesOf = ({ slots }: Pick<KnownRollout, "slots">): SlotServices =>
  Object.fromEntries(SLOTS.flatMap((slot) => (slots[slot] ? [[slot, slots[slot].service]] : [])));

export const routesOf = ({ routes }: Pick<KnownRollout, "routes">): readonly RouteReference[] => [
  ...routes.http.map((name) => ({ kind: "HTTPRoute", name }) as const),
  ...routes.grpc.map((name) => ({ kind: "GRPCRoute", name }) as const),
];

/** What a slot runs, as `contentFrom` puts it. */
export function contentOf({ slots }: Pick<KnownRollout, "slots">, slot: Slot): string {
  const { digest, models } = slots[slot] ?? {};
  return contentFrom(digest, models && modelsOf({ models }));
}

/** What the slots serve whose models are known. */
export const servedBy = ({ slots }: Pick<KnownRollout, "slots">): Partial<Record<Slot, readonly string[]>> =>
  Object.fromEntries(
    SLOTS.flatMap((slot) => (slots[slot]?.models?.length ? [[slot, modelsOf(slots[slot])]] : [])),
  ) as Partial<Record<Slot, readonly string[]>>;

export const digestsOf = ({ slots }: Pick<KnownRollout, "slots">): Partial<Record<Slot, string>> =>
  Object.fromEntries(
    SLOTS.flatMap((slot) => (slots[slot]?.digest ? [[slot, slots[slot].digest]] : [])),
  ) as Partial<Record<Slot, string>>;
