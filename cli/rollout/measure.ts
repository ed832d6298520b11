import { otherSlot } from "../../rollout/declaration";
import { measure } from "../../rollout/gates/judge";
import { measuringWindow } from "../../rollout/gates/windows";
import { prometheusReader } from "../../rollout/gates/prometheus-reader";
import type { Desk } from "./desk";
import type { Measure } from "./promote";
import { windowOf } from "./walk";

/**
 * Asks Prometheus.
 * @param prometheus its URL; without one every gate that measures is inconclusive
 */
export function measureBy(desk: Desk, prometheus: string | undefined): Measure {
  const reader = prometheus
    ? prometheusReader({ url: prometheus })
    : { read: async () => ({ nothing: "no Prometheus is known; `--prometheus` names its URL" }) };
  return (gates, journal) => {
    const { candidate, command, startedAt } = journal;
    // A promotion of its own begins long after the candidate was first asked.
    const watched = command === "rollout" ? (desk.clock.now() - Date.parse(startedAt)) / 1000 : undefined;
    const { slots, namespace, name } = desk.rollout;
    const service = (slot: typeof candidate) => slots[slot]?.service ?? `${name}-${slot}`;
    const names = {
      slot: candidate,
      service: service(candidate),
      liveService: service(otherSlot(candidate)),
      namespace,
      // What lies before the rollout is of whoever had the slot then.
      windowSeconds: measuringWindow(windowOf(journal), watched),
      ...(watched === undefined ? {} : { watchedSeconds: watched }),
    };
    return Promise.all(gates.map((gate) => measure(gate, names, reader)));
  };
}
