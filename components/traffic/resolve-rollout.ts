import { SLOTS } from "../../rollout/declaration";
import { resolveGate, resolveStrategy } from "../../rollout/defaults";
import { judgedSlot } from "../../rollout/strategy-checks";
import { initialState } from "../../rollout/traffic-state";
import { Problems } from "../internal/validation";
import { SERVICE_DEFAULTS, type ServiceSettings } from "../serving/service-settings";
import { checkRollout } from "./rollout-checks";
import { ROLLOUT_DEFAULTS, referencesOf, type GivenRollout, type ResolvedRollout } from "./rollout-settings";

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveRollout(name: string, args: GivenRollout): ResolvedRollout {
  const {
    slots,
    strategy,
    live,
    traffic,
    gates,
    driver,
    flagger,
    allowSignatureChange: _allow,
    ...shared
  } = args;
  const filled = SLOTS.filter((slot) => slots?.[slot] !== undefined);
  const { repository: _repository, watched: _watched, ...settings } = shared;
  const resolved = Object.fromEntries(
    filled.map((slot) => {
      const { models, ...own } = slots[slot]!;
      const one = { ...settings, ...own, models: referencesOf(models ?? []) };
      return [slot, driver === "flagger" ? withFixedReplicas(one) : one];
    }),
  );
  const state = traffic ?? initialState(live ?? ROLLOUT_DEFAULTS.live);
  const problems = new Problems("Rollout", name);
  checkRollout(name, args, { filled, slots: resolved, traffic: state }, problems);
  problems.throwIfAny();
  return {
    filled,
    slots: resolved,
    strategy: resolveStrategy(strategy),
    gates: (gates ?? ROLLOUT_DEFAULTS.gates).map(resolveGate),
    traffic: state,
    flagger:
      (driver ?? ROLLOUT_DEFAULTS.driver) === "flagger"
        ? { prometheusUrl: ROLLOUT_DEFAULTS.prometheusUrl, ...flagger }
        : undefined,
    judged: filled.length < 2 ? undefined : judgedSlot(state, live ?? ROLLOUT_DEFAULTS.live),
  };
}

/** Where Flagger takes pods and gives them back no autoscaler may. */
function withFixedReplicas<T extends ServiceSettings>(slot: T): T {
  return { ...slot, maxReplicas: slot.replicas ?? SERVICE_DEFAULTS.replicas };
}
