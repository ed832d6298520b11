import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";
import type { Layout } from "./layout";
import { identifyChild, isRunning, type ProcessIdentity } from "./process-identity";
import { NETNS } from "./settings";
import { waitFor } from "./wait";
import { writeIfChanged } from "./write-file";

/** A log that has grown beyond this many bytes is put aside before its process starts anew. */
const LOG_LIMIT_BYTES = 20 << 20;
/** How long a process gets to end by itself, in milliseconds. */
const STOP_GRACE_MS = 10_000;

/** What a component of the cluster runs. */
export interface ProcessSpec {
  /** Name of record and log, e.g. `kube-apiserver`. */
  readonly name: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** Added to a minimal environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files whose change calls for a restart. */
  readonly files?: readonly string[];
  /** Working directory. @default / */
  readonly cwd?: string;
  /**
   * Where its network lies: the node's namespace or the machine's own.
   * @default "node"
   */
  readonly network?: "node" | "host";
}

export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  readonly command: string;
  /** Changes with the command line, the program itself and the files it reads. */
  readonly fingerprint: string;
}

export type Outcome = "kept" | "started" | "restarted";

/**
 * Keeps the process where it runs as specified; otherwise starts it, ending an outdated one first.
 * @param anew whether one that runs as specified is ended too @default false
 */
export async function ensureProcess(layout: Layout, spec: ProcessSpec, anew = false): Promise<Outcome> {
  const record = readRecord(layout, spec.name);
  const fingerprint = fingerprintOf(spec);
  const running = record !== undefined && isRunning(record);
  if (running && !anew && record.fingerprint === fingerprint) return "kept";
  if (running) await stopProcess(layout, record);
  start(layout, spec, fingerprint);
  return running ? "restarted" : "started";
}

function start(layout: Layout, spec: ProcessSpec, fingerprint: string): void {
  const log = logPath(layout, spec.name);
  if (existsSync(log) && statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  const output = openSync(log, "a", 0o600);
  // nsenter and not `ip netns exec`: the latter gives each process mounts of its own, and kubelet, containerd and
  // the containers must see the same ones. nsenter replaces itself, so that the number stays that of the program.
  const inNode = spec.network !== "host";
  const command = inNode ? "nsenter" : spec.command;
  const prefix = inNode ? [`--net=/run/netns/${NETNS}`, "--", spec.command] : [];
  const child = spawn(command, [...prefix, ...spec.args], {
    cwd: spec.cwd ?? "/",
    detached: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8", ...spec.env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.on("error", () => {
    // Without a number there is no record: whoever waits for the process reads its log and says so.
  });
  child.unref();
  const identity = child.pid === undefined ? undefined : identifyChild(child.pid);
  if (!identity) throw new SlipwayError(`${spec.name} could not be started: is ${command} installed?`);
  const record: ProcessRecord = { ...identity, name: spec.name, command: spec.command, fingerprint };
  writeIfChanged(recordPath(layout, spec.name), `${JSON.stringify(record)}\n`, 0o600);
}

/** Ends a process, kindly at first, and forgets it. */
export async function stopProcess(
  layout: Layout,
  record: ProcessRecord,
  graceMs = STOP_GRACE_MS,
): Promise<void> {
  signal(record, "SIGTERM");
  const ended = await waitFor(() => !isRunning(record), graceMs, 20);
  if (!ended) {
    signal(record, "SIGKILL");
    await waitFor(() => !isRunning(record), STOP_GRACE_MS, 20);
  }
  rmSync(recordPath(layout, record.name), { force: true });
}

function signal(record: ProcessRecord, name: NodeJS.Signals): void {
  if (!isRunning(record)) return;
  try {
    process.kill(record.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Throws with the last lines of its log when the process is not running any more. */
export function assertRunning(layout: Layout, name: string): void {
  const record = readRecord(layout, name);
  if (record && isRunning(record)) return;
  throw new SlipwayError(
    `${name} ended right after its start; its log ${logPath(layout, name)} ends with: ${logTail(layout, name)}`,
  );
}

export function readRecord(layout: Layout, name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(layout, name), "utf8")) as ProcessRecord;
  } catch {
    return undefined;
  }
}

export function readRecords(layout: Layout): ProcessRecord[] {
  if (!existsSync(layout.records)) return [];
  const names = readdirSync(layout.records).filter((file) => file.endsWith(".json"));
  return names.flatMap((file) => readRecord(layout, file.slice(0, -".json".length)) ?? []);
}

/** The last `lines` lines of a component's log, as one string. */
export function logTail(layout: Layout, name: string, lines = 3): string {
  try {
    const text = readFileSync(logPath(layout, name), "utf8");
    return text.trimEnd().split("\n").slice(-lines).join(" | ");
  } catch {
    return "(no log)";
  }
}

/** Where the next words of a component will stand in its log. */
export function logSize(layout: Layout, name: string): number {
  return statSync(logPath(layout, name), { throwIfNoEntry: false })?.size ?? 0;
}

/** What a component wrote after its log had that size; all of it where the log was put aside since. */
export function logSince(layout: Layout, name: string, size: number): string {
  try {
    const bytes = readFileSync(logPath(layout, name));
    return bytes.subarray(bytes.length < size ? 0 : size).toString();
  } catch {
    return "";
  }
}

export function logPath(layout: Layout, name: string): string {
  return join(layout.logs, `${name}.log`);
}

function recordPath(layout: Layout, name: string): string {
  return join(layout.records, `${name}.json`);
}

/** A digest of everything that the process was started from. */
export function fingerprintOf(spec: ProcessSpec): string {
  const program = statSync(spec.command, { throwIfNoEntry: false });
  if (!program) throw new SlipwayError(`${spec.command} is missing: it is needed to run ${spec.name}.`);
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([spec.command, spec.args, spec.env ?? {}, spec.network ?? "node", spec.cwd ?? "/"]),
  );
  hash.update(`${program.size} ${program.mtimeMs}`);
  for (const file of spec.files ?? []) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}
