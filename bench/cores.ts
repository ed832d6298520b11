/** Which processor cores the server and the load on it are kept to. */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

export interface Cores {
  readonly server?: number;
  readonly load?: number;
}

/** One core each where there are two and `taskset` can tell them apart; no pinning otherwise. */
export function chooseCores(): Cores {
  if (process.platform !== "linux" || availableParallelism() < 2) return {};
  try {
    // A container may be given any cores, not the first ones.
    const [, list] = /list: (.*)$/m.exec(
      execFileSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" }),
    )!;
    const [server, load] = expand(list!);
    return { server, load };
  } catch {
    return {};
  }
}

/** `0-2,5` is 0, 1, 2, 5. */
export function expand(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}

/** A command that runs on one core. */
export function pinned(core: number | undefined, command: readonly string[]): string[] {
  return core === undefined ? [...command] : ["taskset", "-c", String(core), ...command];
}
