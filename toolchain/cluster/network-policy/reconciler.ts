import { setTimeout as sleep } from "node:timers/promises";
import type { Ruleset } from "./ruleset";

export interface ReconcilerOptions {
  /** What the kernel is to hold now; undefined while not everything is known yet. */
  readonly render: () => Ruleset | undefined;
  readonly apply: (ruleset: Ruleset) => Promise<void>;
  /** Called after each success. */
  readonly onApplied: (ruleset: Ruleset) => void;
  readonly onError: (error: unknown) => void;
  /** How long changes are gathered before one application. @default 50 */
  readonly gatherMs?: number;
  /** After this long the rules are applied again even if nothing changed, in case somebody removed them. @default 30000 */
  readonly repairMs?: number;
  /** Wait after a failure. @default 1000 */
  readonly retryMs?: number;
}

/** Keeps the kernel in step: one application at a time, the latest state always applied in the end. */
export class Reconciler {
  private wake: (() => void) | undefined;
  private isDirty = false;

  constructor(private readonly options: ReconcilerOptions) {}

  /** Says that something changed. */
  trigger(): void {
    this.isDirty = true;
    this.wake?.();
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { render, apply, onApplied, onError } = this.options;
    const { gatherMs = 50, repairMs = 30_000, retryMs = 1000 } = this.options;
    let applied: string | undefined;
    while (!signal.aborted) {
      const isRepair = !(await this.change(repairMs, signal));
      await rest(gatherMs, signal);
      this.isDirty = false;
      const ruleset = render();
      if (ruleset === undefined || signal.aborted) {
        continue;
      }
      // Most changes of pods (a probe, a condition) change no rule.
      const content = JSON.stringify(ruleset);
      if (content === applied && !isRepair) {
        continue;
      }
      try {
        await apply(ruleset);
        applied = content;
        onApplied(ruleset);
      } catch (error) {
        onError(error);
        await rest(retryMs, signal);
        this.isDirty = true;
      }
    }
  }

  /** Waits for a change, at most so long; true if there was one. */
  private async change(limitMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.isDirty) {
      const waiting = new AbortController();
      this.wake = () => waiting.abort();
      await rest(limitMs, AbortSignal.any([signal, waiting.signal]));
      this.wake = undefined;
    }
    return this.isDirty;
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
