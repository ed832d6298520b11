import { Registry } from "prom-client";
import type { OutputReport } from "../../rollout/comparison/summary";
import { SLOTS } from "../../rollout/declaration";
import { COMPARISON_METRIC } from "../contract";
import { registerCollected, type Sample } from "../metrics/collected";
import type { MetricInfo } from "../metrics/metric-table";
import type { Comparator } from "./comparator";

const PER_OUTPUT = ["model", "output"] as const;

/** The metrics of the comparator, once; the reference follows from it. */
export const COMPARISON_METRICS = {
  requests: {
    type: "counter",
    labels: ["model", "result"],
    doc: "requests that both slots answered; `result` is equal or different",
  },
  unpaired: {
    type: "counter",
    labels: ["slot", "reason"],
    doc: "answers given up: the other slot's never came (timeout), or room was needed (room)",
  },
  values: { type: "counter", labels: PER_OUTPUT, doc: "values compared" },
  valuesOutside: { type: "counter", labels: PER_OUTPUT, doc: "values that differ by more than is allowed" },
  rows: { type: "counter", labels: PER_OUTPUT, doc: "rows whose largest elements were compared (`topK`)" },
  rowsSameFirst: { type: "counter", labels: PER_OUTPUT, doc: "rows whose largest element is the same one" },
  rowsSameSet: {
    type: "counter",
    labels: PER_OUTPUT,
    doc: "rows whose k largest elements are the same ones",
  },
  distance: {
    type: "gauge",
    labels: [...PER_OUTPUT, "quantile"],
    doc: "greatest distance of two values in an answer, over all answers, within 1 %; none where it is no number",
  },
  kolmogorovSmirnov: {
    type: "gauge",
    labels: PER_OUTPUT,
    doc: "greatest distance between the cumulative distributions of both slots' values, 0 to 1",
  },
  populationStability: {
    type: "gauge",
    labels: PER_OUTPUT,
    doc: "population stability index of the candidate's values, over tenths of the live slot's",
  },
  waiting: { type: "gauge", labels: [], doc: "answers that wait for the other slot's" },
  waitingBytes: { type: "gauge", labels: [], doc: "bytes that they hold" },
  began: {
    type: "gauge",
    labels: [],
    doc: "when the comparison began, in seconds since 1970; a process that finds its predecessor's summary goes on with it",
  },
} as const satisfies Record<keyof typeof COMPARISON_METRIC, MetricInfo>;

type Key = keyof typeof COMPARISON_METRICS;

/** A registry with the comparator's metrics. */
export function comparatorRegistry(comparator: Comparator): Registry {
  const registry = new Registry();
  const register = (key: Key, collect: () => Iterable<Sample>) =>
    registerCollected(registry, { name: COMPARISON_METRIC[key], ...COMPARISON_METRICS[key] }, collect);
  const counted = (key: Key, read: (report: OutputReport) => number) =>
    register(key, () => outputSamples(comparator.reportsOfProcess(), (report) => [[{}, read(report)]]));
  const measured = (key: Key, read: (report: OutputReport) => number | null) =>
    register(key, () => outputSamples(comparator.reports(), (report) => [[{}, read(report)]]));

  register("requests", () =>
    Object.entries(comparator.reportsOfProcess()).flatMap(([model, { requests, equal }]) => [
      { labels: { model, result: "equal" }, value: equal },
      { labels: { model, result: "different" }, value: requests - equal },
    ]),
  );
  register("unpaired", () =>
    SLOTS.flatMap((slot) =>
      Object.entries(comparator.unpaired[slot]).map(([reason, value]) => ({
        labels: { slot, reason },
        value,
      })),
    ),
  );
  counted("values", ({ elements }) => elements);
  counted("valuesOutside", ({ outside }) => outside);
  counted("rows", ({ rows }) => rows);
  counted("rowsSameFirst", ({ sameFirst }) => sameFirst);
  counted("rowsSameSet", ({ sameSet }) => sameSet);
  measured("kolmogorovSmirnov", (report) => report.kolmogorovSmirnov);
  measured("populationStability", (report) => report.populationStability);
  register("distance", () =>
    outputSamples(comparator.reports(), ({ p50Distance, p99Distance }) => [
      [{ quantile: "0.5" }, p50Distance],
      [{ quantile: "0.99" }, p99Distance],
    ]),
  );
  register("waiting", () => [{ labels: {}, value: comparator.waiting.answers }]);
  register("waitingBytes", () => [{ labels: {}, value: comparator.waiting.bytes }]);
  register("began", () => [{ labels: {}, value: comparator.began / 1000 }]);
  return registry;
}

/** A line per model and output; none where there is no number. */
function outputSamples(
  reports: ReturnType<Comparator["reports"]>,
  read: (
    report: OutputReport,
  ) => (readonly [labels: Readonly<Record<string, string>>, value: number | null])[],
): Sample[] {
  return Object.entries(reports).flatMap(([model, { outputs }]) =>
    outputs.flatMap((report) =>
      read(report).flatMap(([labels, value]) =>
        value === null ? [] : [{ labels: { model, output: report.output, ...labels }, value }],
      ),
    ),
  );
}
