import { setTimeout as sleep } from "node:timers/promises";
import { SLOTS, type Slot } from "../../rollout/declaration";
import { messageOf } from "../../toolchain/errors";
import { look } from "./desk";
import type { KnownRollout } from "./known-rollout";
import type { OpenProfile } from "./open-desk";
import { Screen } from "./screen";
import { metricsReader, readSlotMetrics, type SlotMetrics } from "./slot-metrics";
import { reportOf, type ServiceStatus } from "./status-report";
import { statusText } from "./status-text";
import { wrapped } from "./wrapped";

const REDRAW_MS = 2_000;

/** What is so now. */
export async function statusOf(
  open: OpenProfile,
  rollouts: readonly KnownRollout[],
): Promise<ServiceStatus[]> {
  return Promise.all(rollouts.map(async (rollout) => reportOf(rollout, await look(open.desk(rollout)))));
}

export const statusJson = (services: readonly ServiceStatus[]): string =>
  JSON.stringify({ services }, null, 2);

const NOTHING = "The stack has no service whose traffic can be switched.";

export async function showStatus(
  open: OpenProfile,
  rollouts: readonly KnownRollout[],
  { json }: { json?: boolean },
): Promise<void> {
  const services = await statusOf(open, rollouts);
  if (json) console.log(statusJson(services));
  else
    console.log(
      seenText({ services, metrics: [] }, process.stdout.isTTY ? process.stdout.columns : undefined),
    );
}

type ServiceMetrics = Partial<Record<Slot, SlotMetrics>>;

async function metricsOf(open: OpenProfile, rollout: KnownRollout): Promise<ServiceMetrics> {
  if (!open.prometheus) return {};
  const reader = metricsReader(open.prometheus);
  const read = await Promise.all(
    SLOTS.flatMap((slot) => {
      const service = rollout.slots[slot]?.service;
      return service
        ? [readSlotMetrics(reader, rollout.namespace, service).then((metrics) => [slot, metrics] as const)]
        : [];
    }),
  );
  return Object.fromEntries(read);
}

/** What is drawn: all services with their numbers, or why nothing can be told for the moment. */
type Seen =
  | { readonly services: readonly ServiceStatus[]; readonly metrics: readonly ServiceMetrics[] }
  | { readonly error: string };

/** A cluster that does not answer for a moment is said, and looked at again. */
async function see(open: OpenProfile, rollouts: readonly KnownRollout[]): Promise<Seen> {
  try {
    const [services, metrics] = await Promise.all([
      statusOf(open, rollouts),
      Promise.all(rollouts.map((rollout) => metricsOf(open, rollout))),
    ]);
    return { services, metrics };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function seenJson(seen: Seen): string {
  if ("error" in seen) return JSON.stringify(seen);
  const { services, metrics } = seen;
  return JSON.stringify({ services: services.map((each, i) => ({ ...each, metrics: metrics[i] })) });
}

/** @param width of the terminal; undefined: lines as long as they are */
export function seenText(seen: Seen, width?: number): string {
  if ("error" in seen) return width === undefined ? seen.error : wrapped(seen.error, width, 0).join("\n");
  const { services, metrics } = seen;
  if (services.length === 0) return NOTHING;
  return services.map((service, i) => statusText(service, metrics[i], width)).join("\n\n");
}

/** Draws until it is interrupted: in place on a terminal, one picture after the other elsewhere, one line each with `json`. */
export async function watchStatus(
  open: OpenProfile,
  rollouts: readonly KnownRollout[],
  { json = false }: { json?: boolean },
): Promise<void> {
  const end = new AbortController();
  const stop = () => end.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  const screen = process.stdout.isTTY && !json ? new Screen(process.stdout) : undefined;
  let last: Seen | undefined;
  try {
    while (!end.signal.aborted) {
      const seen = (last = await see(open, rollouts));
      const time = new Date().toTimeString().slice(0, 8);
      const foot = `${time}, every ${REDRAW_MS / 1000} s; Ctrl-C ends it`;
      if (screen) screen.show((width) => [...seenText(seen, width).split("\n"), "", foot]);
      else process.stdout.write(json ? `${seenJson(seen)}\n` : `${time}\n${seenText(seen)}\n\n`);
      await sleep(REDRAW_MS, undefined, { signal: end.signal }).catch(() => undefined);
    }
  } finally {
    screen?.end();
  }
  // What was seen last stays, for whoever scrolls back.
  if (screen && last) console.log(seenText(last, screen.width));
}
