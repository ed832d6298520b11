import { constants, getPriority, setPriority } from "node:os";
import { threadsBelow } from "../../toolchain/process-tree";

/** A tenth of the weight of an ordinary process, as `nice` has it. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;
/** Several times what an update takes on an idle machine: one that still runs would else wait for a busy one for as long as it is busy. */
const LONGEST_MS = 60_000;

let depth = 0;
let before = 0;
let patience: NodeJS.Timeout | undefined;

/**
 * Work that takes all processors for seconds, and leaves them to whatever else wants them: this process and those that it
 * starts meanwhile. On the machine of the embedded cluster those are the pods, whose clients would notice an update otherwise.
 * @param longestMs after so many milliseconds it takes its share as everything else does
 */
export async function yielding<T>(work: () => Promise<T>, longestMs = LONGEST_MS): Promise<T> {
  if (depth++ === 0) {
    before = lower();
    patience = setTimeout(
      () => raise(before, [process.pid, ...threadsBelow(process.pid)]),
      longestMs,
    ).unref();
  }
  try {
    return await work();
  } finally {
    if (--depth === 0) {
      clearTimeout(patience);
      raise(before, [process.pid]);
    }
  }
}

function lower(): number {
  const now = getPriority();
  setPriority(Math.max(now, PRIORITY));
  return now;
}

function raise(to: number, threads: readonly number[]): void {
  for (const thread of threads) {
    try {
      setPriority(thread, to);
    } catch {
      // It has ended; or only root may: then the rest of the command yields, too.
    }
  }
}
