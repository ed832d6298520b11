import type { GateOutcome, Verdict } from "../../outcome";
import type { RecordEntry } from "../entry";
import { scale, ticks, timeScale, timesOf, type Scale } from "./axis";
import { escaped, foreign, px, shownNumber } from "./markup";
import { timeAxis } from "./weights-chart";

const WIDTH = 480;
const LEFT = 62;
const RIGHT = WIDTH - 8;
const TOP = 10;
const BOTTOM = 130;

interface Measurement extends GateOutcome {
  readonly time: number;
}

/** What each gate said over time, gates in the order in which they first spoke. */
function measurementsOf(entries: readonly RecordEntry[]): Map<string, Measurement[]> {
  const byGate = new Map<string, Measurement[]>();
  const times = timesOf(entries);
  for (const [i, { gates }] of entries.entries()) {
    for (const outcome of gates) {
      const list = byGate.get(outcome.gate) ?? [];
      list.push({ ...outcome, time: times[i]! });
      byGate.set(outcome.gate, list);
    }
  }
  return byGate;
}

/** Verdicts differ by shape as well as by colour. */
const SHAPES: Readonly<Record<Verdict, (x: string, y: string) => string>> = {
  passed: (x, y) => `<circle cx="${x}" cy="${y}" r="4" fill="var(--passed)"/>`,
  failed: (x, y) =>
    `<path d="M${x} ${y}m-5-5l10 10m0-10l-10 10" stroke="var(--failed)" stroke-width="2.5" fill="none"/>`,
  inconclusive: (x, y) =>
    `<path d="M${x} ${y}m0-5l5 5l-5 5l-5-5z" stroke="var(--inconclusive)" stroke-width="2" fill="var(--background)"/>`,
};

function bound(value: number | undefined, name: string, y: Scale): string {
  if (value === undefined) return "";
  const at = px(y(value));
  return (
    `<path d="M${LEFT} ${at}H${RIGHT}" stroke="var(--failed)" stroke-width="1.5" stroke-dasharray="6 4"/>` +
    `<text x="${RIGHT}" y="${px(y(value) + (name === "max" ? -5 : 14))}" text-anchor="end">${name} ${shownNumber(value)}</text>`
  );
}

function valueScale(values: readonly number[]): Scale {
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + Number.EPSILON);
  const room = (high - low) * 0.15 || 1;
  return scale(low < 0 ? low - room : low, high + room, BOTTOM, TOP);
}

function chart(gate: string, measurements: readonly Measurement[], x: Scale): string {
  const last = measurements.at(-1)!;
  const values = measurements.map(({ value }) => value).filter((value) => value !== null);
  const y = valueScale([...values, last.max, last.min].filter((value) => value !== undefined));
  const grid = ticks(y, 4)
    .map(
      (tick) =>
        `<path d="M${LEFT} ${px(y(tick))}H${RIGHT}" stroke="var(--line)"/><text x="${LEFT - 6}" y="${px(y(tick) + 4)}" text-anchor="end">${shownNumber(tick)}</text>`,
    )
    .join("");
  const measured = measurements.filter(({ value }) => value !== null);
  const line = measured.map(({ time, value }) => `${px(x(time))} ${px(y(value!))}`).join("L");
  const points = measurements
    .map(({ time, value, verdict }) => SHAPES[verdict](px(x(time)), px(value === null ? BOTTOM : y(value))))
    .join("");
  return (
    `<svg viewBox="0 0 ${WIDTH} ${BOTTOM + 24}" role="img"><title>${escaped(`Gate ${gate} over time`)}</title>` +
    grid +
    `<path d="M${line}" fill="none" stroke="var(--muted)" stroke-width="1.5"/>` +
    bound(last.max, "max", y) +
    bound(last.min, "min", y) +
    points +
    timeAxis(x, BOTTOM, 4) +
    "</svg>"
  );
}

const CAPTION = "Dots passed, crosses failed, diamonds said nothing; the dashed line is the bound.";

/** A chart per gate that measured anything: its value against its bounds over the time of the rollout. */
export function gateCharts(entries: readonly RecordEntry[]): string {
  const x = timeScale(timesOf(entries), LEFT, RIGHT);
  const figures = [...measurementsOf(entries)]
    .filter(([, measurements]) => measurements.some(({ value }) => value !== null))
    .map(
      ([gate, measurements]) =>
        `<figure><figcaption>${foreign(gate)}</figcaption>${chart(gate, measurements, x)}</figure>`,
    );
  return figures.length === 0
    ? ""
    : `<p class="muted">${CAPTION}</p><div class="gates">${figures.join("\n")}</div>`;
}
