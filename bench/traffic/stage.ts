import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Slot, Weights } from "../../rollout/declaration";
import { projectRoot } from "../../toolchain/paths";
import { readOutputs, readToken, slipway, type CommandResult } from "../../test/support/slipway";
import type { Target } from "./sender";
import type { TrafficReport } from "./tally";
import { TrafficLoad, type LoadOptions } from "./traffic-load";

export const SERVICE = "voice";
export const MODEL = "silero-vad";
/** The version that each slot of the local profile serves. */
export const VERSION: Readonly<Record<Slot, string>> = { blue: "5", green: "6" };

/** A slot as `status --json` tells of it. */
interface SlotStatus {
  readonly digest: string;
  readonly weight: number;
  readonly ready: boolean;
  readonly models: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly strategy: string;
  readonly live: Slot;
  readonly slots: Readonly<Record<Slot, SlotStatus>>;
  /** Percent of requests that the other slot gets a copy of. */
  readonly mirror: number;
  /** What a command was cut off in, or stands still at. */
  readonly inProgress: object | null;
  readonly drift: readonly string[];
}

/** What a command says of the service's traffic. */
export async function readStatus(service = SERVICE): Promise<ServiceStatus> {
  const { status, stdout, stderr } = await slipway(["status", service, "--json"]);
  assert.equal(status, 0, stderr);
  const { services } = JSON.parse(stdout) as { services: ServiceStatus[] };
  assert.equal(services.length, 1);
  return services[0]!;
}

export const weightsOf = ({ slots }: ServiceStatus) => ({
  blue: slots.blue.weight,
  green: slots.green.weight,
});

/** Runs a traffic command that must succeed. */
export async function must(...args: string[]): Promise<CommandResult> {
  const result = await slipway(args, { timeoutMs: 240_000 });
  assert.equal(
    result.status,
    0,
    `slipway ${args.join(" ")}: ${result.stderr.slice(-3000)}${result.stdout.slice(-1000)}`,
  );
  return result;
}

/** All traffic to blue and no command half-way, whatever was before. */
export async function reset(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    const { live, slots, inProgress } = await readStatus();
    if (live === "blue" && slots.blue.weight === 100 && inProgress === null) return;
    await must("rollback", SERVICE, "--reason", "before a test");
  }
  const { live } = await readStatus();
  if (live !== "blue") await must("promote", SERVICE, "--reason", "before a test");
}

/** Each look is a process that takes most of a second of a core, which the update that is waited for yields. */
const LOOK_MS = 2_000;

/** Looks at the cluster's weights until they are so: updates yield to the traffic, and a machine that is full takes minutes for one. */
export async function untilWeights(
  wanted: (weights: Weights) => boolean,
  withinMs = 300_000,
): Promise<Weights> {
  for (const deadline = Date.now() + withinMs; ; await sleep(LOOK_MS)) {
    const weights = weightsOf(await readStatus());
    if (wanted(weights)) return weights;
    assert.ok(Date.now() < deadline, `weights are ${JSON.stringify(weights)}`);
  }
}

/** A command that runs while others look on. */
export function inBackground(...args: string[]) {
  const child = spawn(process.execPath, [join(projectRoot, "cli/bin.js"), ...args], {
    cwd: projectRoot,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, ended, said: () => said };
}

/** Where the service is called. */
export async function targetOf(headers?: Target["headers"]): Promise<Target> {
  const [{ endpoint, caCertificate }, token] = await Promise.all([readOutputs(), readToken("--ttl", "1h")]);
  return {
    endpoint,
    caCertificate: readFileSync(caCertificate, "utf8"),
    token,
    model: MODEL,
    service: SERVICE,
    headers,
  };
}

/** Acts while requests come in at a fixed rate; gives what became of every one of them. */
export async function underLoad(
  options: Omit<LoadOptions, "target">,
  act: (load: TrafficLoad) => Promise<void>,
): Promise<TrafficReport> {
  const load = await TrafficLoad.start({ ...options, target: await targetOf() });
  try {
    await sleep(1_000);
    await act(load);
    await sleep(1_000);
  } catch (error) {
    await load.stop().catch(() => undefined);
    throw error;
  }
  return load.stop();
}

/** Not one request was lost or answered wrongly. */
export function assertLossless(report: TrafficReport): void {
  assert.deepEqual(report.troubles, []);
  assert.equal(report.failed + report.wrong, 0);
  for (const [transport, { requests }] of Object.entries(report.byTransport))
    assert.ok(requests > 100, `only ${requests} requests over ${transport}`);
}
