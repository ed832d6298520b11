import { readFileSync } from "node:fs";

/** Names one process for ever: a number that is used again belongs to another start time or another boot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, as /proc/PID/stat gives them. */
  readonly startTime: string;
  readonly bootId: string;
}

/** The identity of a running process, or undefined where none has that number or it is a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && stat.state !== "Z" && stat.state !== "X"
    ? { pid, startTime: stat.startTime, bootId: bootId() }
    : undefined;
}

/** The same for a child that was started just now: it may have ended since, but its number is its own until Node has reaped it. */
export function identifyChild(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && { pid, startTime: stat.startTime, bootId: bootId() };
}

export function isRunning(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId;
}

/** Reads state and start time out of /proc/PID/stat, whose second field may itself hold blanks and brackets. */
export function parseStat(text: string): { state: string; startTime: string } | undefined {
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state && startTime ? { state, startTime } : undefined;
}

function readStat(pid: number): { state: string; startTime: string } | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
