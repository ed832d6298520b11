import { otherSlot } from "../../rollout/declaration";
import { measure } from "../../rollout/gates/judge";
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
    const { candidate } = journal;
    const { slots, namespace, name } = desk.rollout;
    const service = (slot: typeof candidate) => slots[slot]?.service ?? `${name}-${slot}`;
    const names = {
      slot: candidate,
      service: service(candidate),
      liveService: service(otherSlot(candidate)),
      namespace,
      windowSeconds: windowOf(journal),
    };
    return Promise.all(gates.map((gate) => measure(gate, names, reader)));
  };
}
