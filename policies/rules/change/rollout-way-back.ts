import type { Field } from "../../model/field";
import { groupBy } from "../../model/group-by";
import { ROUTE_TYPES } from "../../model/route-backends";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import { kubernetesKind, nameOf, type Subject } from "../../model/subject";

const ROLLOUT = "slipway.dev/rollout";
const SLOT = "slipway.dev/slot";

interface Slot {
  readonly service: Subject;
  readonly rollout: Field;
  readonly slot: Field;
}

/** Services that are slots, by their rollout; and those that may be, whose labels are not known yet. */
function slotsOf(stack: StackView): { byRollout: Map<string, Slot[]>; open: Slot[] } {
  const services = stack.ofKind("", "Service").map((service): Slot => {
    const labels = service.fields.get("metadata", "labels");
    return { service, rollout: labels.get(ROLLOUT), slot: labels.get(SLOT) };
  });
  const slots = services.filter(({ slot }) => slot.isUnknown || slot.exists());
  const isOpen = ({ rollout, slot }: Slot): boolean => rollout.isUnknown || slot.isUnknown;
  const known = slots.filter((slot) => !isOpen(slot));
  return {
    byRollout: groupBy(known, ({ rollout }) => rollout.string() ?? ""),
    open: slots.filter(isOpen),
  };
}

export const rolloutWayBack: StackRule = {
  id: "rollout-way-back",
  title: "A rollout's route keeps both slots as backends",
  severity: "medium",
  description:
    "The way back from a bad version is a weight on the other slot: a route that no longer names it, while the slot still runs, has to be changed before anybody can return.",
  remediation:
    "backendRefs: [{ name: blue, weight: 100 }, { name: green, weight: 0 }] // both slots, the idle one with 0",
  types: ROUTE_TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const { byRollout, open } = slotsOf(stack);
    for (const route of stack.ofKind("gateway.networking.k8s.io", "HTTPRoute", "GRPCRoute")) {
      verdict.judge(route, () => {
        const rollout = route.fields.get("metadata", "labels", ROLLOUT).string();
        if (rollout === undefined) return;
        const slots = byRollout.get(rollout) ?? [];
        const perhaps = open.filter((slot) => slot.rollout.isUnknown || slot.rollout.string() === rollout);
        // With one slot there is nowhere to go back to.
        if (slots.length + perhaps.length < 2) return;
        const named = new Set(
          route.fields
            .get("spec", "rules")
            .items()
            .flatMap((rule) => rule.get("backendRefs").items())
            .map((ref) => ref.get("name").string() ?? ""),
        );
        const missing = (services: readonly Slot[]) =>
          services.map(({ service }) => nameOf(service)).filter((name) => !named.has(name));
        const gone = missing(slots);
        const kind = kubernetesKind(route.type)?.kind;
        if (slots.length > 1 && gone.length > 0)
          return verdict.fail(
            route,
            `must keep \`${gone.join("`, `")}\` among its backends: without it this ${kind} has no way back.`,
          );
        const [first] = [...gone, ...missing(perhaps)];
        if (first !== undefined)
          verdict.indeterminate(
            route,
            `may lack \`${first}\` among its backends: the labels that say so are not known yet.`,
          );
      });
    }
  },
};
