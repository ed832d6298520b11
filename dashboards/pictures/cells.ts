import { formatted } from "./format";
import type { NamedSeries, PanelData } from "./panel-data";
import { NAMED_COLORS, valuesAt } from "./plots";
import type { Span } from "./prometheus-api";

/** Rows of a table, ready to be shown: the heading first. */
export function tableOf({ panel, series }: PanelData): readonly (readonly string[])[] {
  const organize = panel.transformations?.find(({ id }) => id === "organize")!.options as {
    indexByName: Record<string, number>;
    renameByName: Record<string, string>;
  };
  const columns = Object.keys(organize.indexByName);
  const labels = columns.filter((name) => !name.startsWith("Value"));
  const queries = columns.slice(labels.length).map((name) => organize.renameByName[name]!);
  const rows = new Map<string, { labels: readonly string[]; values: (number | undefined)[] }>();
  for (const { metric, query, value } of series) {
    const own = labels.map((label) => metric[label] ?? "");
    const key = JSON.stringify(own);
    const row = rows.get(key) ?? { labels: own, values: [] };
    rows.set(key, row);
    row.values[query] = Number(value![1]);
  }
  const unitOf = (heading: string) =>
    (panel.fieldConfig.overrides
      .find(({ matcher }) => matcher.options === heading)
      ?.properties.find(({ id }) => id === "unit")?.value as string | undefined) ??
    panel.fieldConfig.defaults.unit;
  const sorted = [...rows.values()].sort((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
  return [
    [...labels.map((label) => organize.renameByName[label]!), ...queries],
    ...sorted.map((row) => [
      ...row.labels,
      ...queries.map((heading, i) => {
        const value = row.values[i];
        return value === undefined ? "" : formatted(value, unitOf(heading));
      }),
    ]),
  ];
}

/** A bar of a state timeline: what was so for how long, as shares of the width. */
export interface Stretch {
  readonly share: number;
  readonly color: string | undefined;
}

export interface StateRow {
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

/** What each series was, over time; and the meaning of the colours. */
export function statesOf({ panel, series }: PanelData, { start, end, step }: Span) {
  const options = panel.fieldConfig.defaults.mappings?.[0]?.options ?? {};
  const length = Math.floor((end - start) / step) + 1;
  const rows = series.map((each): StateRow => {
    const stretches: { share: number; color: string | undefined }[] = [];
    for (const value of valuesAt(each, start, step, length)) {
      const state = value === null ? undefined : options[String(value)];
      const color = state && NAMED_COLORS[state.color];
      const last = stretches.at(-1);
      if (last && last.color === color) last.share += 1 / length;
      else stretches.push({ share: 1 / length, color });
    }
    return { name: each.name, stretches };
  });
  const meanings = Object.values(options).map(({ text, color }) => ({ text, color: NAMED_COLORS[color]! }));
  return { rows, meanings };
}

export interface HeatmapRow {
  readonly bound: string;
  /** Of the largest cell, by time. */
  readonly shares: readonly number[];
}

/** How full each bucket was, the highest bound first; empty buckets beyond all others are left out. */
export function heatmapOf({ panel, series }: PanelData, { start, end, step }: Span): readonly HeatmapRow[] {
  const length = Math.floor((end - start) / step) + 1;
  const bound = ({ metric }: NamedSeries) => (metric.le === "+Inf" ? Infinity : Number(metric.le));
  const ordered = [...series].sort((a, b) => bound(a) - bound(b));
  const cumulative = ordered.map((each) => valuesAt(each, start, step, length).map((value) => value ?? 0));
  const counts = cumulative.map((row, i) =>
    row.map((value, at) => Math.max(0, value - (cumulative[i - 1]?.[at] ?? 0))),
  );
  const largest = Math.max(1e-12, ...counts.flat());
  const used = counts.map((row) => row.some((count) => count > largest / 1000));
  const unit = panel.options?.yAxis?.unit ?? "short";
  return counts
    .map((row, i) => ({
      bound: formatted(bound(ordered[i]!), unit),
      shares: row.map((count) => count / largest),
    }))
    .slice(Math.max(0, used.indexOf(true)), used.lastIndexOf(true) + 1)
    .reverse();
}
