/** Numbers as Grafana writes them, for the units that the dashboards have. It runs in the page, too: no imports. */

const SI = ["", " K", " Mil", " Bil"];
const BINARY = [" B", " KiB", " MiB", " GiB", " TiB"];
const SMALL_TIMES = [
  [1e-6, "µs"],
  [1e-3, "ms"],
] as const;
const LARGE_TIMES = [
  [86_400, "day"],
  [3_600, "h"],
  [60, "min"],
] as const;

/** Three digits that count, and no zeros behind them. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const decimals =
    size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(decimals)));
}

function scaled(value: number, base: number, suffixes: readonly string[]): string {
  let at = 0;
  for (let size = Math.abs(value); size >= base && at < suffixes.length - 1; size /= base) at++;
  return `${digits(value / base ** at)}${suffixes[at]}`;
}

function duration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  const large = LARGE_TIMES.find(([unit]) => size >= unit);
  if (large) return `${digits(seconds / large[0])} ${large[1]}`;
  if (size >= 1) return `${digits(seconds)} s`;
  const small = size < 1e-3 ? SMALL_TIMES[0] : SMALL_TIMES[1];
  return `${digits(seconds / small[0])} ${small[1]}`;
}

/** @param unit of Grafana's names */
export function formatted(value: number, unit: string): string {
  if (!Number.isFinite(value)) return String(value);
  switch (unit) {
    case "percent":
      return `${digits(value)}%`;
    case "percentunit":
      return `${digits(value * 100)}%`;
    case "reqps":
      return `${scaled(value, 1000, SI)} req/s`;
    case "cps":
      return `${scaled(value, 1000, SI)} c/s`;
    case "s":
      return duration(value);
    case "h":
      return duration(value * 3600);
    case "bytes":
      return scaled(value, 1024, BINARY);
    case "binBps":
      return `${scaled(value, 1024, BINARY)}/s`;
    case "celsius":
      return `${digits(value)} °C`;
    case "watt":
      return scaled(value, 1000, [" W", " kW", " MW"]);
    case "hertz":
      return scaled(value, 1000, [" Hz", " kHz", " MHz", " GHz"]);
    case "none":
      return digits(value);
    default:
      return scaled(value, 1000, SI);
  }
}
