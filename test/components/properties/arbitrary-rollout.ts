import * as fc from "fast-check";
import type { RolloutSettings, ServiceSettings } from "../../../components";
import type { Gate, Slot, Strategy } from "../../../rollout/declaration";
import { isMeasuring, otherSlot } from "../../../rollout/declaration";
import type { TrafficState } from "../../../rollout/traffic-state";
import { arbitraryService } from "../serving/support/arbitrary-service";
import { IMAGE, model } from "../support/examples";
import { maybe } from "./arbitrary-auth";

const seconds = fc.constantFrom(1, 60, 86_400);
const steps = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
  .map((weights) => weights.sort((a, b) => a - b));

const canary: fc.Arbitrary<Strategy> = fc.record(
  {
    kind: fc.constant("canary" as const),
    stepWeights: steps,
    interval: seconds,
    affinity: fc.boolean(),
    scaleDownDelay: fc.constantFrom(0, 600),
    match: fc.record({
      header: fc.stringMatching(/^x-[A-Za-z0-9-]{1,30}$/),
      value: fc.oneof(fc.stringMatching(/^[!-~]([ \t]?[!-~]){0,20}$/), fc.constant("v".repeat(4096))),
    }),
  },
  { requiredKeys: ["kind"] },
);

const strategy: fc.Arbitrary<Strategy> = fc.oneof(
  fc.record({ kind: fc.constant("blueGreen" as const), scaleDownDelay: fc.constantFrom(0, 86_400) }),
  canary,
  fc.record(
    {
      kind: fc.constant("shadow" as const),
      percent: fc.integer({ min: 1, max: 100 }),
      samplePercent: fc.constantFrom(0.01, 10, 100),
      compare: fc.constant({ outputs: { y: { absolute: 0.1 } }, others: { topK: 3 } }),
    },
    { requiredKeys: ["kind"] },
  ),
  fc.record(
    {
      kind: fc.constant("abTest" as const),
      share: fc.integer({ min: 1, max: 99 }),
      assignment: fc.constantFrom("cookie" as const, "header" as const),
    },
    { requiredKeys: ["kind"] },
  ),
);

/** Where the requests of a strategy may stand, with both slots filled. */
function traffic(given: Strategy, live: Slot, share: number, isCold: boolean): TrafficState {
  const shadow = given.kind === "shadow";
  const moved = shadow || given.kind === "blueGreen" ? 0 : share;
  const weights = { [live]: 100 - moved, [otherSlot(live)]: moved } as unknown as TrafficState["weights"];
  const mirror = shadow ? share : 0;
  return { live, weights, mirror, standby: isCold && moved === 0 && mirror === 0 ? "cold" : "warm" };
}

const question = { model: "a", dataset: "questions" };
const GATES: readonly Gate[] = [
  { kind: "errorRate", name: "errors", maxPercent: 0.5, every: 5 },
  { kind: "latency", name: "latency", maxSeconds: 0.25, quantile: 0.9 },
  { kind: "prometheus", name: "heat", query: 'max(heat{slot="{{slot}}"})', max: 80 },
  { kind: "feedback", name: "truth", model: "a", metric: "recall", threshold: 0.8, segment: "country=DE" },
  { kind: "quality", name: "right-answers", ...question, metric: "accuracy", threshold: 0.9 },
  { kind: "drift", name: "drift", ...question, method: "ks", threshold: 0.1 },
  { kind: "job", name: "suite", image: IMAGE, command: ["/suite"], env: { TEAM: "vision" }, timeout: 60 },
  { kind: "approval", name: "release-manager" },
];

/** Models of the slots: of the same names, in other versions. */
export const SLOT_MODELS = { blue: [model("a", "1")], green: [model("a", "2")] };

const awake: fc.Arbitrary<ServiceSettings> = arbitraryService.filter(({ replicas }) => replicas !== 0);

/** Settings of a slot, which take the place of the rollout's one by one; sizes belong together, and are all the rollout's. */
const own = fc.oneof(
  fc.constant({}),
  awake.map(({ modelSize: _size, memoryRequest: _request, memoryLimit: _limit, ...rest }) => rest),
);

export type RolloutSample = RolloutSettings & ServiceSettings;

function hasPlaceIn(how: Strategy, gate: Gate): boolean {
  // Copies are answered to nobody: there is nothing that a person's word could hold back.
  if (how.kind === "shadow") return gate.kind !== "approval";
  // An old slot that goes at once leaves no time in which the new one could be measured.
  return how.kind !== "blueGreen" || how.scaleDownDelay !== 0 || !isMeasuring(gate);
}

/** A rollout of two slots, and where its requests stand, with nothing wrong. */
export const arbitraryRollout: fc.Arbitrary<RolloutSample> = fc
  .tuple(
    awake,
    own,
    strategy,
    fc.constantFrom("blue" as const, "green" as const),
    fc.integer({ min: 1, max: 100 }),
    fc.boolean(),
    maybe(fc.subarray([...GATES])),
  )
  .map(([settings, green, how, live, share, isCold, gates]) => ({
    ...settings,
    slots: { blue: { models: SLOT_MODELS.blue }, green: { ...green, models: SLOT_MODELS.green } },
    strategy: how,
    live,
    traffic: traffic(how, live, share, isCold),
    ...(gates ? { gates: gates.filter((gate) => hasPlaceIn(how, gate)) } : {}),
  }));
