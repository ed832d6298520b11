import { setTimeout as sleep } from "node:timers/promises";
import { SLOTS, type Slot } from "../../rollout/declaration";
import { messageOf } from "../../toolchain/errors";
import { look } from "./desk";
import type { KnownRollout } from "./known-rollout";
import type { OpenProfile } from "./open-desk";
import { metricsReader, readSlotMetrics, type SlotMetrics } from "./slot-metrics";
import { reportOf, type ServiceStatus } from "./status-report";
import { statusText } from "./status-text";

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
      services.length === 0 ? NOTHING : services.map((service) => statusText(service)).join("\n\n"),
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

/** One picture; a cluster that does not answer for a moment is said, and the next picture is tried. */
async function picture(open: OpenProfile, rollouts: readonly KnownRollout[], json: boolean): Promise<string> {
  try {
    const [services, metrics] = await Promise.all([
      statusOf(open, rollouts),
      Promise.all(rollouts.map((rollout) => metricsOf(open, rollout))),
    ]);
    if (json) {
      return JSON.stringify({ services: services.map((each, i) => ({ ...each, metrics: metrics[i] })) });
    }
    return services.length === 0
      ? NOTHING
      : services.map((service, i) => statusText(service, metrics[i])).join("\n\n");
  } catch (error) {
    return json ? JSON.stringify({ error: messageOf(error) }) : messageOf(error);
  }
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
  const isTerminal = Boolean(process.stdout.isTTY) && !json;
  const { createLogUpdate } = require("log-update") as typeof import("log-update");
  const screen = isTerminal ? createLogUpdate(process.stdout) : undefined;
  while (!end.signal.aborted) {
    const text = await picture(open, rollouts, json);
    const time = new Date().toTimeString().slice(0, 8);
    if (screen) screen(`${text}\n\n${time}, every ${REDRAW_MS / 1000} s; Ctrl-C ends it`);
    else process.stdout.write(json ? `${text}\n` : `${time}\n${text}\n\n`);
    await sleep(REDRAW_MS, undefined, { signal: end.signal }).catch(() => undefined);
  }
  screen?.done();
}
