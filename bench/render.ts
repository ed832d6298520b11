import Table from "cli-table3";
import type { Figure } from "./figure";
import type { Estimate } from "./statistics";

const HEAD = [
  "",
  "server",
  "value",
  "95 %",
  "CPU µs",
  "p50 ms",
  "p99 ms",
  "against",
  "ratio (95 %)",
  "CPU ratio",
  "p50 ratio",
];

/** Three digits are what such a measurement can tell. */
function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

function interval({ low, high }: Estimate): string {
  if (low === high) return "";
  // A single round says nothing of how far it may be off.
  return Number.isFinite(high) ? `${digits(low)} – ${digits(high)}` : "one round";
}

function ratio(estimate: Estimate | undefined): string {
  if (!estimate) return "";
  const { value, low, high } = estimate;
  const range = low === high || !Number.isFinite(high) ? "" : ` (${low.toFixed(2)} – ${high.toFixed(2)})`;
  return `${value.toFixed(2)}${range}`;
}

/** A table of a benchmark's figures, the servers of one measure together. */
export function renderFigures(benchmark: string, figures: readonly Figure[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: process.stdout.isTTY ? ["grey"] : [] } });
  let last = "";
  for (const { measure, server, value, unit, cpuPerRequest, p50Ms, p99Ms, against } of figures) {
    table.push([
      measure === last ? "" : measure,
      server,
      `${digits(value.value)} ${unit}`,
      interval(value),
      cpuPerRequest ? cpuPerRequest.value.toFixed(1) : "",
      p50Ms?.toFixed(2) ?? "",
      p99Ms?.toFixed(2) ?? "",
      against?.server ?? "",
      ratio(against?.ratio),
      against?.cpuRatio?.value.toFixed(2) ?? "",
      against?.p50Ratio?.value.toFixed(2) ?? "",
    ]);
    last = measure;
  }
  return `${benchmark}\n${table.toString()}`;
}
