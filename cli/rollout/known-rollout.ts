import { contentFrom, modelsOf } from "../../rollout/content";
import { SLOTS, type Slot } from "../../rollout/declaration";
import type { PublishedRollout, PublishedSlot } from "../../rollout/published";
import type { Situation, SlotCondition } from "../../rollout/situation";
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

/** The digest and the models that a slot's Deployment names; while older pods are there too, nothing is said of them. */
function runningIn({ runs, outdated }: SlotCondition): Partial<Pick<PublishedSlot, "digest" | "models">> {
  if (!runs || outdated !== undefined) return {};
  const { digest, models } = runs;
  return { ...(digest && { digest }), ...(models.length > 0 && { models }) };
}

/** The slots as they are in the cluster, which somebody may have changed since they were declared, and Flagger does. */
export const asTheyRun = (
  { slots }: Pick<KnownRollout, "slots">,
  conditions: Situation["slots"] | undefined,
): Pick<KnownRollout, "slots"> => ({
  slots: Object.fromEntries(
    SLOTS.flatMap((slot) => {
      const declared = slots[slot];
      return declared ? [[slot, { ...declared, ...(conditions && runningIn(conditions[slot])) }]] : [];
    }),
  ),
});

/** One sentence for each slot whose pods run something else than was declared. */
export function foreignContent(
  { slots }: Pick<KnownRollout, "slots">,
  conditions: Situation["slots"],
): string[] {
  const real = asTheyRun({ slots }, conditions).slots;
  return SLOTS.flatMap((slot) => {
    const [declared, runs] = [slots[slot], real[slot]];
    if (!declared || !runs) return [];
    const by = "the stack's last update declared";
    const models = (of: PublishedSlot) => modelsOf(of).join(", ");
    return [
      ...(declared.digest && runs.digest !== declared.digest
        ? [`slot ${slot} runs the image ${runs.digest}; ${by} ${declared.digest}`]
        : []),
      ...(declared.models.length > 0 && models(runs) !== models(declared)
        ? [`slot ${slot} serves ${models(runs)}; ${by} ${models(declared)}`]
        : []),
    ];
  });
}
