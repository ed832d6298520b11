/** A linear scale from values to pixels. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  (value: number): number;
}

export function scale(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return Object.assign((value: number) => from + ((value - low) / span) * (to - from), { low, high });
}

/** When each happened, in milliseconds; a time that cannot be read counts as the one before it. */
export function timesOf(entries: readonly { readonly at: string }[]): number[] {
  let last = entries.map(({ at }) => Date.parse(at)).find((time) => !Number.isNaN(time)) ?? 0;
  return entries.map(({ at }) => {
    const time = Date.parse(at);
    return Number.isNaN(time) ? last : (last = time);
  });
}

/** Milliseconds before the first and after the last entry that a chart shows at least. */
const LEAST_MARGIN = 15_000;

/** A scale for these times (milliseconds), with room before and after them for the state that holds there. */
export function timeScale(times: readonly number[], from: number, to: number): Scale {
  const first = Math.min(...times);
  const last = Math.max(...times);
  const margin = Math.max(LEAST_MARGIN, (last - first) * 0.06);
  return scale(first - margin, last + margin, from, to);
}

/** 1, 2 or 5 times a power of ten: at most so many steps cover the span. */
function niceStep(span: number, most: number): number {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999999)!;
}

/** Round numbers within the scale. */
export function ticks({ low, high }: Scale, most: number): number[] {
  const step = niceStep(high - low || 1, most);
  const found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    found.push(i * step + 0); // not -0
  }
  return found;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 2, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

/** Round times within the scale, with their texts in UTC: the day where days are apart, else the time of day. */
export function timeTicks({ low, high }: Scale, most: number): { at: number; text: string }[] {
  const last = STEPS.at(-1)!;
  const step =
    STEPS.find((candidate) => (high - low) / candidate <= most) ??
    last * Math.ceil((high - low) / last / most);
  const found: { at: number; text: string }[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
    const iso = new Date(at).toISOString();
    const text =
      step >= DAY
        ? iso.slice(0, 10)
        : step >= 6 * HOUR
          ? iso.slice(5, 16).replace("T", " ")
          : iso.slice(11, step < MINUTE ? 19 : 16);
    found.push({ at, text });
  }
  return found;
}
