import type { Baseline, FeatureBaseline } from "./baseline";

/** Values of a categorical feature that its row shows. */
const SHOWN_VALUES = 3;
const LONGEST_VALUE = 16;

/** A baseline's features as a table of plain text: columns two blanks apart, numbers to the right. */
export function baselineTable(features: Baseline["features"]): string {
  const rows = Object.entries(features).map(([name, feature]) => [name, ...rowOf(feature)]);
  const lines = [["feature", "kind", "rows", "missing", "mean", "sd", "least", "largest"], ...rows];
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => (line.length > 6 || column < 4 ? (line[column] ?? "").length : 0))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          line.length <= 5 && column === 4
            ? cell
            : column < 2
              ? cell.padEnd(widths[column]!)
              : cell.padStart(widths[column]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .concat("")
    .join("\n");
}

/** Cells after the name; of a categorical feature the fifth holds its values and is the last. */
function rowOf(feature: FeatureBaseline): string[] {
  const { kind, count, missing } = feature;
  const start = [kind, String(count), missing === 0 ? "-" : percent(missing / (count + missing))];
  if (feature.kind === "numeric") {
    const { mean, standardDeviation, min, max } = feature;
    return [...start, ...[mean, standardDeviation, min, max].map(shown)];
  }
  const values = Object.entries(feature.values).sort(([, a], [, b]) => b - a);
  const first = values
    .slice(0, SHOWN_VALUES)
    .map(([value, times]) => `${shortened(value)} ${percent(times / count)}`);
  const more = values.length - first.length;
  return [...start, [...first, ...(more > 0 ? [`${more} more`] : [])].join(", ")];
}

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

const shown = (value: number) => String(Number(value.toPrecision(4)));

const shortened = (text: string) =>
  text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
