import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { Registry, collectDefaultMetrics } from "prom-client";
import { objectiveRules } from "../../../components/observability/alerts/objective-rules";
import { presenceRules } from "../../../components/observability/alerts/presence-rules";
import { resolveObjectives } from "../../../components/serving/objectives";
import * as contract from "../../../runtime/contract";

/** Names of the metrics that a query reads, by the grammar that Prometheus' own editor uses. */
export function metricsIn(promql: string): string[] {
  const names = new Set<string>();
  parser.parse(promql).iterate({
    enter: ({ name, node, from, to }) => {
      if (name === "Identifier" && node.parent?.name === "VectorSelector") names.add(promql.slice(from, to));
    },
  });
  return [...names];
}

/** Exposition texts of exporters that are not ours, as they lie in `fixtures/`. */
export const fixture = (name: string): string =>
  readFileSync(join(__dirname, "../fixtures", `${name}.prom`), "utf8");

const typed = (text: string) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!);

const SCOPE = { namespace: "n", service: "s", servers: ["s"], minimums: { s: 1 }, mayWait: false };
const RUNBOOKS = "https://runbooks.test";

/** What the rules of a service with objectives record. */
const recorded = [
  ...presenceRules(SCOPE, RUNBOOKS),
  ...objectiveRules(
    SCOPE,
    resolveObjectives({ availability: { percent: 99.9 }, latency: { percent: 99, seconds: 0.25 } }),
    RUNBOOKS,
  ),
].flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])));

/** What Prometheus itself makes of alerting rules. */
const OF_PROMETHEUS = ["ALERTS"];
/** What `DCGM_FI_DEV_CLOCKS_EVENT_REASONS` is called by older versions of DCGM. */
const OLDER_NAMES = ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS"];

/** Every name that a panel may read, less the endings of histograms. */
export async function knownMetrics(): Promise<ReadonlySet<string>> {
  const ours = Object.entries(contract)
    .filter(([block]) => block === "METRIC" || block.endsWith("_METRIC"))
    .flatMap(([, names]) => Object.values(names as Record<string, string>));
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return new Set([
    ...ours,
    ...recorded,
    ...typed(await registry.metrics()),
    ...typed(fixture("dcgm-exporter")),
    ...typed(fixture("kube-state-metrics")),
    ...OF_PROMETHEUS,
    ...OLDER_NAMES,
  ]);
}

/** A metric's name without what a histogram adds to it. */
export const ofHistogram = (metric: string) => metric.replace(/_(bucket|sum|count)$/, "");
