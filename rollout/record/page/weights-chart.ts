import type { RecordEntry } from "../entry";
import { timeScale, timesOf, timeTicks, type Scale } from "./axis";
import { escaped, px } from "./markup";

const WIDTH = 1000;
const LEFT = 44;
const TOP = 18;
const HEIGHT = 130;
const BOTTOM = TOP + HEIGHT;
/** A number above a mark needs so many pixels. */
const LABEL_ROOM = 22;

/** Hatching of the green slot, once per page: the two slots differ without their colours, too. */
export const HATCH =
  '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="var(--green)"/><rect width="1.5" height="8" fill="var(--onSlot)" fill-opacity=".35"/></pattern></defs></svg>';

interface Span {
  readonly from: number;
  readonly to: number;
  readonly green: number;
}

/** What held between the entries: before the first what it says was before. */
function spansOf(entries: readonly RecordEntry[], times: readonly number[], x: Scale): Span[] {
  const spans: Span[] = [{ from: LEFT, to: x(times[0]!), green: entries[0]!.from.green }];
  for (const [i, entry] of entries.entries()) {
    const to = i + 1 < times.length ? x(times[i + 1]!) : WIDTH;
    spans.push({ from: x(times[i]!), to, green: entry.to.green });
  }
  return spans;
}

const heightOf = (percent: number) => BOTTOM - (Math.max(0, Math.min(100, percent)) / 100) * HEIGHT;

/** Areas of both slots as one path each, and a line where they meet. */
function areas(spans: readonly Span[]): string {
  const edge = spans.flatMap(({ from, to, green }) => [
    `${px(from)} ${px(heightOf(green))}`,
    `${px(to)} ${px(heightOf(green))}`,
  ]);
  const line = edge.join("L");
  return [
    `<rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT}" height="${HEIGHT}" fill="var(--blue)"/>`,
    `<path d="M${LEFT} ${BOTTOM}L${line}L${WIDTH} ${BOTTOM}Z" fill="url(#hatch)"/>`,
    `<path d="M${line}" fill="none" stroke="var(--background)" stroke-width="2.5"/>`,
  ].join("");
}

/** Names each slot where there is room for its name. */
function slotLabels(spans: readonly Span[]): string {
  const label = (name: string, share: (span: Span) => number, middle: (span: Span) => number) => {
    const roomy = spans.filter((span) => share(span) >= 15 && span.to - span.from >= 60);
    const widest = roomy.reduce<Span | undefined>(
      (best, span) => (best && best.to - best.from >= span.to - span.from ? best : span),
      undefined,
    );
    if (!widest) return "";
    const x = (widest.from + widest.to) / 2;
    return `<text class="on" x="${px(x)}" y="${px(middle(widest) + 4)}" text-anchor="middle">${name}</text>`;
  };
  return (
    label(
      "blue",
      ({ green }) => 100 - green,
      ({ green }) => (TOP + heightOf(green)) / 2,
    ) +
    label(
      "green",
      ({ green }) => green,
      ({ green }) => (BOTTOM + heightOf(green)) / 2,
    )
  );
}

/** A mark per entry with its number where there is room. */
function marks(entries: readonly RecordEntry[], times: readonly number[], x: Scale): string {
  let lastLabel = -Infinity;
  return entries
    .map(({ sequence }, i) => {
      const at = x(times[i]!);
      const mark = `<path d="M${px(at)} ${TOP - 4}V${BOTTOM + 4}" stroke="var(--text)" stroke-width="1"/>`;
      if (at - lastLabel < LABEL_ROOM) return mark;
      lastLabel = at;
      return `${mark}<text x="${px(at)}" y="${TOP - 7}" text-anchor="middle">${sequence}</text>`;
    })
    .join("");
}

/** A text this close to an end of the axis would stick out of the chart. */
const TEXT_ROOM = 34;

export function timeAxis(x: Scale, bottom: number, most: number): string {
  return timeTicks(x, most)
    .filter(({ at }) => x(at) >= x(x.low) + TEXT_ROOM && x(at) <= x(x.high) - TEXT_ROOM)
    .map(({ at, text }) => {
      const place = px(x(at));
      return `<path d="M${place} ${bottom}v5" stroke="var(--muted)"/><text x="${place}" y="${bottom + 18}" text-anchor="middle">${text}</text>`;
    })
    .join("");
}

/** Shares of both slots over time as steps, with a mark per entry. */
export function weightsChart(entries: readonly RecordEntry[], title: string): string {
  const times = timesOf(entries);
  const x = timeScale(times, LEFT, WIDTH);
  const spans = spansOf(entries, times, x);
  const shares = [0, 50, 100]
    .map(
      (percent) =>
        `<text x="${LEFT - 6}" y="${px(heightOf(percent) + 4)}" text-anchor="end">${percent} %</text>`,
    )
    .join("");
  return (
    `<svg viewBox="0 0 ${WIDTH} ${BOTTOM + 24}" role="img"><title>${escaped(title)}</title>` +
    areas(spans) +
    slotLabels(spans) +
    marks(entries, times, x) +
    shares +
    timeAxis(x, BOTTOM, 8) +
    "</svg>"
  );
}
