import type { ChildProcess } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Interrupts `child` when this process ends, by itself or by a signal: an orphan would go on for minutes, with nobody to
 * tell. A signal for which nobody else listens then does to this process what it would have done.
 * @returns what to call once the child has ended
 */
export function endTogether(child: ChildProcess): () => void {
  const stop = (): void => void child.kill("SIGINT");
  const passOn = (signal: NodeJS.Signals): void => {
    stop();
    release();
    // Whoever listens too ends this process in a way of its own, and must not be told twice.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = (): void => {
    process.removeListener("exit", stop);
    for (const signal of SIGNALS) process.removeListener(signal, passOn);
  };
  process.once("exit", stop);
  for (const signal of SIGNALS) process.once(signal, passOn);
  return release;
}
