import type { Call } from "./call";

/** Milliseconds between looks; a deadline is noticed this much late at most. */
const INTERVAL_MS = 25;

/**
 * Looks after the time limits of all open calls with one timer, which runs only while there are calls: a timer for
 * each would cost more than all else that is done about limits.
 */
export class CallWatch {
  private readonly calls = new Set<Call>();
  private timer: NodeJS.Timeout | undefined;

  get size(): number {
    return this.calls.size;
  }

  add(call: Call): void {
    this.calls.add(call);
    this.timer ??= setInterval(() => this.look(), INTERVAL_MS).unref();
  }

  delete(call: Call): void {
    this.calls.delete(call);
  }

  /** Tells the streams that the server shuts down. */
  announceEnd(): void {
    for (const { farewell } of this.calls) farewell?.announce();
  }

  /** Ends the streams that are left. */
  endStreams(): void {
    for (const { farewell } of this.calls) farewell?.end();
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    if (this.calls.size === 0) return this.close();
    const now = performance.now();
    for (const call of this.calls) call.look(now);
  }
}
