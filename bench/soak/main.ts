/** `npm run soak`: an open loop of mixed requests for minutes; fails on a wrong answer, an odd status or memory that grows. */
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseCores } from "../cores";
import { firstAnswer } from "../first-answer";
import { tabular, vision, writeModel } from "../models";
import { rowsFor } from "../rows";
import { seededNumbers } from "../seeded";
import { ServerProcess } from "../server-process";
import { bundle, slipway } from "../servers";
import { exitOnSignals, withTemporaryFolder } from "../temporary-folder";
import { Kinds, type Kind } from "./kinds";
import { Tally } from "./tally";
import { memoryTrend } from "./trend";

const USAGE = `Usage: npm run soak -- [--minutes N] [--rate N]

--minutes N  how long, 10 without it
--rate N     requests a second, 200 without it; they are sent whether or not earlier ones were answered`;

const SAMPLE_MS = 2_000;
const PRINT_MS = 10_000;
const PROBE_MS = 100;
/** A liveness probe is answered by the event loop alone. */
const SLOWEST_PROBE_MS = 1_000;
/** Requests that are still unanswered so long after the last one was sent are lost. */
const PATIENCE_MS = 15_000;

interface Settings {
  readonly minutes: number;
  readonly rate: number;
}

function parse(argv: readonly string[]): Settings | undefined {
  const settings = { minutes: 10, rate: 200 };
  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i]!.slice(2);
    const value = Number(argv[i + 1]);
    if (!argv[i]!.startsWith("--") || !(name in settings) || !(value > 0)) return undefined;
    settings[name as keyof Settings] = value;
  }
  return settings;
}

/** A kind by chance, as often as its share says. */
function chooser(kinds: readonly Kind[], numbers: () => number): () => Kind {
  const total = kinds.reduce((sum, { share }) => sum + share, 0);
  return () => {
    let at = numbers() * total;
    return kinds.find(({ share }) => (at -= share) < 0) ?? kinds[0]!;
  };
}

/** Sends requests at random intervals until the time is up, however slow the answers are. */
async function openLoop(kinds: readonly Kind[], { minutes, rate }: Settings, tally: Tally): Promise<void> {
  const numbers = seededNumbers(4);
  const choose = chooser(kinds, numbers);
  const until = performance.now() + minutes * 60_000;
  let due = performance.now();
  for (let turn = 0; due < until; turn++) {
    due += (-Math.log(1 - numbers()) * 1000) / rate;
    const wait = due - performance.now();
    // A timer is no finer than a millisecond; what is due sooner goes out together.
    if (wait >= 1) await sleep(wait);
    const kind = choose();
    void tally.watch(kind.name, () => kind.send(turn));
  }
}

/** How long the server's event loop keeps a probe waiting, in milliseconds. */
function probe(port: number): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1", path: "/v2/health/live" }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(performance.now() - startedAt));
    })
      .on("error", reject)
      .end();
  });
}

interface Watched {
  readonly memory: number[];
  readonly probes: number[];
  stop(): void;
}

/** Samples memory and the event loop's delay, and prints a line now and then. */
function watch(server: ServerProcess, tally: Tally): Watched {
  const startedAt = performance.now();
  const memory: number[] = [];
  const probes: number[] = [];
  let recent: number[] = [];
  const sampling = setInterval(() => memory.push(server.memory()?.now ?? 0), SAMPLE_MS);
  const probing = setInterval(() => {
    probe(server.ports.http).then(
      (delay) => {
        probes.push(delay);
        recent.push(delay);
      },
      (error: unknown) => tally.fail(`liveness: ${String(error)}`),
    );
  }, PROBE_MS);
  const print = () => {
    recent.sort((a, b) => a - b);
    const p99 = recent[Math.floor(recent.length * 0.99)] ?? 0;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const resident = memory.at(-1)?.toFixed(0) ?? "?";
    console.log(
      `${seconds} s: ${tally.sent} sent, ${tally.failureCount} failed, ${tally.pending} pending, ${resident} MiB, probe p99 ${p99.toFixed(1)} ms`,
    );
    recent = [];
  };
  const printing = setInterval(print, PRINT_MS);
  const stop = () => [sampling, probing, printing].forEach(clearInterval);
  return { memory, probes, stop };
}

function judge(tally: Tally, { memory, probes }: Watched, server: ServerProcess): string[] {
  const faults = [...tally.failures];
  const more = tally.failureCount - tally.failures.length;
  if (more > 0) faults.push(`and ${more} failures more`);
  if (tally.pending > 0) faults.push(`${tally.pending} requests were never answered`);
  if (!server.running) faults.push("the server ended");
  const slowest = Math.max(...probes);
  if (slowest > SLOWEST_PROBE_MS) faults.push(`a liveness probe took ${slowest.toFixed(0)} ms`);
  const trend = memoryTrend(memory);
  if (!trend) console.log("Too short to tell whether memory grows.");
  else {
    console.log(`Resident memory: ${trend.early.toFixed(0)} MiB early, ${trend.late.toFixed(0)} MiB late.`);
    if (trend.grows) faults.push(`memory grows: ${trend.early.toFixed(0)} to ${trend.late.toFixed(0)} MiB`);
  }
  return faults;
}

async function soak(settings: Settings, folder: string): Promise<string[]> {
  let server: ServerProcess | undefined;
  let kinds: Kinds | undefined;
  try {
    const bundled = bundle(join(__dirname, "../.."), join(folder, "image"));
    const models = [tabular(), vision()];
    const repository = join(folder, "models");
    for (const model of models) writeModel(repository, model);
    server = await ServerProcess.start(slipway("slipway", bundled, repository), chooseCores());
    for (const model of models) await firstAnswer(server, model);
    kinds = new Kinds(server.ports);
    const [small, big] = models;
    const mix = [
      ...kinds.of(small!, await rowsFor(small!, 128), 80),
      ...kinds.of(big!, await rowsFor(big!, 16), 20),
    ];
    const tally = new Tally();
    const watched = watch(server, tally);
    await openLoop(mix, settings, tally);
    const givenUp = performance.now() + PATIENCE_MS;
    while (tally.pending > 0 && performance.now() < givenUp) await sleep(50);
    watched.stop();
    console.log(tally.toString());
    return judge(tally, watched, server);
  } finally {
    kinds?.close();
    await server?.stop();
  }
}

async function main(argv: string[]): Promise<number> {
  const settings = parse(argv);
  if (!settings) {
    console.error(USAGE);
    return 64;
  }
  exitOnSignals();
  const faults = await withTemporaryFolder((folder) => soak(settings, folder));
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? "passed" : "FAILED");
  return faults.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
