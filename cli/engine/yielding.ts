import { constants, getPriority, setPriority } from "node:os";

/** A tenth of the weight of an ordinary process, as `nice` has it. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

let depth = 0;
let before = 0;

/**
 * Work that takes all processors for seconds, and leaves them to whatever else wants them: this process and those that it
 * starts meanwhile. On the machine of the embedded cluster those are the pods, whose clients would notice an update otherwise.
 */
export async function yielding<T>(work: () => Promise<T>): Promise<T> {
  if (depth++ === 0) before = lower();
  try {
    return await work();
  } finally {
    if (--depth === 0) raise(before);
  }
}

function lower(): number {
  const now = getPriority();
  setPriority(Math.max(now, PRIORITY));
  return now;
}

function raise(to: number): void {
  try {
    setPriority(to);
  } catch {
    // Only root may: then the rest of the command yields, too.
  }
}
