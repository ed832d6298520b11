/** `npm run bench -- flame`: draws docs/pictures/request.svg, where the processor time of a request goes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchContext } from "../context";
import type { Figure } from "../figure";
import { tabular, writeModel } from "../models";
import { ServerProcess } from "../server-process";
import { bundle, slipway } from "../servers";
import { withTemporaryFolder } from "../temporary-folder";
import { frames, joined, seen, type CpuProfile } from "./cpu-profile";
import { drawFlameGraph } from "./draw";

const PICTURE = join(__dirname, "../../docs/pictures/request.svg");
const TITLE = "Processor time of a request: a small model, JSON, 64 connections, one core";
/** Node's function that every request enters by. */
const ENTRY = "parserOnHeadersComplete";
const ORDER = { model: "tabular", format: "json", concurrency: 64 } as const;
/** Microseconds between samples. */
const INTERVAL = 200;

export function benchFlame({ cores, load, quick }: BenchContext): Promise<Figure[]> {
  return withTemporaryFolder(async (folder) => {
    const repository = join(folder, "models");
    const profiles = join(folder, "profiles");
    mkdirSync(repository);
    writeModel(repository, tabular());
    const bundled = bundle(join(__dirname, "../.."), join(folder, "image"));
    const server = await ServerProcess.start(
      profiled(slipway("slipway", bundled, repository), profiles),
      cores,
    );
    const run = (milliseconds: number, check: boolean) =>
      load.run({ ...ORDER, port: server.ports.http, milliseconds, check });
    await ready(server.ports.http);
    await run(quick ? 500 : 5000, true);
    const before = timesOf(server);
    const { requests, seconds } = await run(quick ? 500 : 5000, false);
    const after = timesOf(server);
    await server.stop();
    const each = (after.all - before.all) / requests;
    const share = 1 - (after.main - before.main) / (after.all - before.all);
    const profile = read(profiles);
    const { to } = seen(profile, ENTRY)!;
    const main = frames("main thread", profile, { from: to - seconds * 1e6, to });
    const root = joined("one request", main, {
      name: "other threads (V8's helpers, the profiler)",
      share,
    });
    writeFileSync(PICTURE, drawFlameGraph(TITLE, root));
    return [...root.children.values()].map((thread) => {
      const value = (thread.time / root.time) * each;
      return {
        benchmark: "flame",
        measure: "tabular, json, 64 at a time",
        server: thread.name,
        value: { value, low: value, high: value },
        unit: "µs/request",
      };
    });
  });
}

/** Microseconds of all threads and of the main one. */
function timesOf(server: ServerProcess): { all: number; main: number } {
  const all = server.cpuTime();
  const main = server.mainThreadTime();
  if (all === undefined || main === undefined)
    throw new Error("`flame` reads processor times from /proc, which only Linux has; run it there");
  return { all, main };
}

function profiled(command: ReturnType<typeof slipway>, folder: string): ReturnType<typeof slipway> {
  const [node, ...rest] = command.command;
  const flags = ["--cpu-prof", `--cpu-prof-interval=${INTERVAL}`, `--cpu-prof-dir=${folder}`];
  return { ...command, command: [node!, ...flags, ...rest] };
}

async function ready(port: number): Promise<void> {
  for (;;) {
    if ((await fetch(`http://127.0.0.1:${port}/v2/health/ready`)).ok) return;
    await delay(100);
  }
}

/** The main thread's profile; workers do not write one. */
function read(folder: string): CpuProfile {
  for (const name of readdirSync(folder)) {
    const profile = JSON.parse(readFileSync(join(folder, name), "utf8")) as CpuProfile;
    if (seen(profile, ENTRY)) return profile;
  }
  throw new Error("the server wrote no profile in which a request is seen");
}
