import type { CommittedPanel, NamedSeries, PanelData } from "./panel-data";
import type { Span } from "./prometheus-api";

/** What the page's chart library draws. */
export interface Plot {
  readonly unit: string;
  readonly logarithmic: boolean;
  readonly max?: number;
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
}

export interface PlotLine {
  readonly name: string;
  readonly color: string;
  readonly points: boolean;
  readonly fill: boolean;
  /** As they are drawn: where lines lie on each other, with those below added. */
  readonly values: readonly (number | null)[];
  /** What the legend says. */
  readonly last: number | null;
}

/** Colours of Grafana's classic palette, those that look like a slot's last. */
const PALETTE =
  "#eab839 #6ed0e0 #e24d42 #705da0 #ef843c #ba43a9 #0a437c #967302 #890f02 #806eb7 #1f78c1 #508642".split(
    " ",
  );
export const NAMED_COLORS: Readonly<Record<string, string>> = {
  blue: "#3274d9",
  green: "#56a64b",
  red: "#e02f44",
  yellow: "#f2cc0c",
  orange: "#ff780a",
  transparent: "#eceff2",
};

/** A panel's lines, on the times that Prometheus was asked for. */
export function plotOf({ panel, series }: PanelData, { start, end, step }: Span): Plot {
  const { defaults, overrides } = panel.fieldConfig;
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const stacked = overrides.some(({ properties }) => properties.some(({ id }) => id === "custom.stacking"));
  const columns = series.map((each) => valuesAt(each, start, step, times.length));
  return {
    unit: defaults.unit,
    logarithmic: defaults.custom?.scaleDistribution?.type === "log",
    max: defaults.max,
    times,
    lines: series.map(({ name }, i) => ({
      name,
      color: colorOf(i, series, panel),
      points: defaults.custom?.drawStyle === "points",
      fill: stacked,
      values: stacked ? sumUpTo(columns, i) : columns[i]!,
      last: columns[i]!.findLast((value) => value !== null) ?? null,
    })),
  };
}

/** The values of one series; null where it has none. */
export function valuesAt(
  { values = [] }: NamedSeries,
  start: number,
  step: number,
  length: number,
): (number | null)[] {
  const column: (number | null)[] = Array.from({ length }, () => null);
  for (const [time, text] of values) {
    const value = Number(text);
    if (Number.isFinite(value)) column[Math.round((time - start) / step)] = value;
  }
  return column;
}

const sumUpTo = (columns: readonly (readonly (number | null)[])[], last: number): (number | null)[] =>
  columns[last]!.map((_, at) =>
    columns.slice(0, last + 1).reduce<number | null>((sum, column) => {
      const value = column[at] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );

/** As the dashboard says; where several lines are meant by that, as two of one slot, it says too little to tell them apart. */
function colorOf(index: number, series: readonly NamedSeries[], { fieldConfig }: CommittedPanel): string {
  const { name } = series[index]!;
  for (const { matcher, properties } of fieldConfig.overrides) {
    const color = properties.find(({ id }) => id === "color")?.value as { fixedColor: string } | undefined;
    if (color === undefined) continue;
    const meant = (each: string) =>
      matcher.id === "byName" ? each === matcher.options : new RegExp(matcher.options).test(each);
    if (meant(name) && series.filter((each) => meant(each.name)).length === 1)
      return NAMED_COLORS[color.fixedColor]!;
  }
  return PALETTE[index % PALETTE.length]!;
}
