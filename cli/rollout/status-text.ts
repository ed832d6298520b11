import pc from "picocolors";
import { SLOTS, type Slot } from "../../rollout/declaration";
import type { GateOutcome } from "../../rollout/outcome";
import { plainText } from "../../rollout/record/plain-text";
import type { ExperimentStatus } from "./experiment-status";
import type { ServiceStatus } from "./status-report";
import type { SlotMetrics } from "./slot-metrics";
import { wrapped } from "./wrapped";

const SLOT_COLOURS: Record<Slot, (text: string) => string> = { blue: pc.blue, green: pc.green };
const BAR_WIDTH = 20;

const VERDICTS: Record<GateOutcome["verdict"], (text: string) => string> = {
  passed: pc.green,
  failed: pc.red,
  inconclusive: pc.yellow,
};

/** "sha256:" and the 12 digits that people compare. */
const short = (digest: string) => (digest ? digest.replace(/^(sha256:[0-9a-f]{12}).*$/, "$1") : "empty");

function roleOf({ live, slots, mirror }: ServiceStatus, slot: Slot): string {
  if (slot === live) return "live";
  if (slots[slot].digest === "" && !slots[slot].ready) return "empty";
  if (slots[slot].weight > 0) return "candidate";
  return mirror > 0 ? `gets ${mirror} % copied` : "standby";
}

function bar(weight: number): string {
  const full = Math.round((weight / 100) * BAR_WIDTH);
  return "█".repeat(full) + "·".repeat(BAR_WIDTH - full);
}

function metricsText({ requestsPerSecond, errorPercent, p50, p99 }: SlotMetrics): string {
  if ([requestsPerSecond, errorPercent, p50, p99].every((value) => value === null))
    return "Prometheus has no numbers of the last minute";
  const number = (value: number | null, digits: number) => (value === null ? "–" : value.toFixed(digits));
  const ms = (seconds: number | null) => number(seconds === null ? null : seconds * 1000, 1);
  return `${number(requestsPerSecond, 1)} req/s, ${number(errorPercent, 2)} % errors, p50 ${ms(p50)} ms, p99 ${ms(p99)} ms`;
}

/** Where what is said of a slot begins, below its bar. */
const SLOT_INDENT = 8;

/** @param width of a terminal that lines are broken for; undefined: one line, however long */
function slotLines(
  status: ServiceStatus,
  slot: Slot,
  metrics: SlotMetrics | undefined,
  width: number | undefined,
): readonly string[] {
  const { digest, weight, detail, models } = status.slots[slot];
  const served = models.map(({ name, version }) => `${name}/${version}`).join(", ");
  const head = `  ${slot.padEnd(5)} ${bar(weight)} ${String(weight).padStart(3)} %  ${roleOf(status, slot).padEnd(10)}`;
  const facts = [short(digest), served, detail].filter(Boolean).join("; ");
  const measured = metrics && metricsText(metrics);
  const coloured = SLOT_COLOURS[slot](head);
  if (width === undefined) return [`${coloured}  ${pc.dim([facts, measured].filter(Boolean).join("; "))}`];
  const below = (text: string) =>
    wrapped(`${" ".repeat(SLOT_INDENT)}${text}`, width, SLOT_INDENT).map((line) => pc.dim(line));
  const hasRoom = measured !== undefined && head.length + 2 + measured.length <= width;
  return [
    hasRoom ? `${coloured}  ${measured}` : SLOT_COLOURS[slot](head.trimEnd()),
    ...(measured === undefined || hasRoom
      ? []
      : wrapped(`${" ".repeat(SLOT_INDENT)}${measured}`, width, SLOT_INDENT)),
    ...below(facts),
  ];
}

function experimentLines({ arms, metric, sentence, decision }: ExperimentStatus): string[] {
  const what = metric === "errorRate" || metric === "latency" ? "requests" : "users";
  const arm = ({ users, mean }: ExperimentStatus["arms"]["live"]) =>
    `${users} ${what}${mean === null || users === 0 ? "" : ` (${Number(mean.toPrecision(4))})`}`;
  return [
    `  A/B test: live ${arm(arms.live)}, candidate ${arm(arms.candidate)}`,
    `  ${decision === null ? "not decided yet" : `decided, ${decision}`}: ${sentence}`,
  ];
}

/**
 * A service in plain words: each slot, then what is going on and what is not as it should be.
 * @param width of a terminal that lines are broken for; undefined: as long as they are
 */
export function statusText(
  status: ServiceStatus,
  metrics: Partial<Record<Slot, SlotMetrics>> = {},
  width?: number,
): string {
  const { name, strategy, driver, live, inProgress, drift, flagger } = status;
  const lines = [
    `${pc.bold(name)}  ${strategy === "unknown" ? "" : `${strategy}, `}driver ${driver}, ${live} is live`,
    ...SLOTS.flatMap((slot) => slotLines(status, slot, metrics[slot], width)),
  ];
  if (inProgress) {
    const { command, by, step, steps, doing, halted, gates, experiment } = inProgress;
    lines.push(`  ${command} by ${by}: step ${Math.min(step, steps)} of ${steps}, ${doing}`);
    if (halted) lines.push(`  ${pc.yellow("stands still")}: ${halted}`);
    if (experiment) lines.push(...experimentLines(experiment));
    for (const { gate, verdict, reason } of gates)
      lines.push(`  gate ${plainText(gate)}: ${VERDICTS[verdict](verdict)}, ${plainText(reason)}`);
  }
  if (flagger) lines.push(`  Flagger: ${plainText(flagger.phase)}, ${flagger.failedChecks} failed checks`);
  for (const sentence of drift) lines.push(`  ${pc.red("differs")}: ${sentence}`);
  return lines.flatMap((line) => (width === undefined ? line : wrapped(line, width, 4))).join("\n");
}
