import type { Slot } from "../../../rollout/declaration";
import type { Situation } from "../../../rollout/situation";
import { begin, type Journal, type Step } from "../../../rollout/plan-journal";
import { initialState, type TrafficState } from "../../../rollout/traffic-state";

export const state = (live: Slot, green: number, more: Partial<TrafficState> = {}): TrafficState => ({
  live,
  weights: { blue: 100 - green, green },
  mirror: 0,
  standby: "warm",
  ...more,
});
export const slot = (name: Slot, more: object = {}) => ({
  filled: true,
  ready: true,
  answers: true,
  cold: false,
  patienceMs: 600_000,
  content: name,
  detail: "2 of 2 pods are ready",
  ...more,
});

export function situation(more: Partial<Situation> & { green?: number } = {}): Situation {
  const { green, ...rest } = more;
  const configured = rest.configured ?? initialState("blue");
  const share = green ?? configured.weights.green;
  return {
    service: "text",
    driver: "pulumi",
    configured,
    routes: ["HTTPRoute text", "GRPCRoute text"].map((name) => ({
      name,
      weights: { blue: 100 - share, green: share },
      mirror: configured.mirror,
    })),
    slots: { blue: slot("blue"), green: slot("green") },
    ...rest,
  };
}

export function journal(command: Journal["command"], steps: readonly Step[], cursor = 0): Journal {
  return begin({
    id: "1",
    service: "text",
    command,
    by: "ana",
    why: "release",
    startedAt: "2026-03-01T12:00:00.000Z",
    origin: initialState("blue"),
    candidate: "green",
    contents: { blue: "blue", green: "green" },
    steps,
    cursor,
  });
}
