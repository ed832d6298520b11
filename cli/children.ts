import { readdirSync, readFileSync } from "node:fs";

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** Ends the programs that this process started and that would outlive it; the cluster's have a session of their own. */
export function endChildren(): void {
  if (process.platform !== "linux") return;
  const table = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(name) ?? []) : []));
  const session = table.find(({ pid }) => pid === process.pid)?.session;
  const below = (parent: number): number[] =>
    table
      .filter((entry) => entry.parent === parent && entry.session === session)
      .flatMap(({ pid }) => [pid, ...below(pid)]);
  for (const pid of below(process.pid)) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // It ended meanwhile.
    }
  }
}

function readProcess(pid: string): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name, in brackets, may hold blanks and brackets itself.
    const [, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}
