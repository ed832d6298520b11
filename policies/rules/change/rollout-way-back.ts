import { groupBy } from "../../model/group-by";
import { ROUTE_TYPES } from "../../model/route-backends";
import type { StackRule } from "../../model/rule";
import { kubernetesKind } from "../../model/subject";

const ROLLOUT = "slipway.dev/rollout";
const SLOT = "slipway.dev/slot";

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
    const slotted = stack.ofKind("", "Service").filter(({ fields }) => {
      const labels = fields.get("metadata", "labels");
      return (
        !labels.isUnknown &&
        !labels.get(ROLLOUT).isUnknown &&
        !labels.get(SLOT).isUnknown &&
        labels.get(SLOT).exists()
      );
    });
    const slots = groupBy(slotted, ({ fields }) => fields.get("metadata", "labels", ROLLOUT).string() ?? "");
    for (const route of stack.ofKind("gateway.networking.k8s.io", "HTTPRoute", "GRPCRoute")) {
      verdict.judge(route, () => {
        const rollout = route.fields.get("metadata", "labels", ROLLOUT).string();
        const services = rollout === undefined ? [] : (slots.get(rollout) ?? []);
        if (services.length < 2) return;
        const named = new Set(
          route.fields
            .get("spec", "rules")
            .items()
            .flatMap((rule) => rule.get("backendRefs").items())
            .map((ref) => ref.get("name").string() ?? ""),
        );
        const missing = services
          .map(({ fields, name }) => fields.get("metadata", "name").string() ?? name)
          .filter((name) => !named.has(name));
        if (missing.length === 0) return;
        const kind = kubernetesKind(route.type)?.kind;
        verdict.fail(
          route,
          `must keep \`${missing.join("`, `")}\` among its backends: without it this ${kind} has no way back.`,
        );
      });
    }
  },
};
