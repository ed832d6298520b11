import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Logger } from "pino";
import type { ComparisonRules } from "../../rollout/comparison/rules";
import { ComparisonSummary, type StoredSummary } from "../../rollout/comparison/summary";
import type { Slot } from "../../rollout/declaration";
import { messageOf } from "../message-of";

/** What a comparator has seen, as it is written down. */
export interface StoredComparison {
  /** Numbers of other slots, or held against other rules, are other numbers. */
  readonly live: Slot;
  readonly rules: ComparisonRules;
  /** Milliseconds since 1970: when the first process of these began. */
  readonly began: number;
  readonly models: Readonly<Record<string, StoredSummary>>;
}

/** Larger ones are not written: two of them must have room where the file lies. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** Where a comparison outlives its process. Never in the way of the comparison itself: what goes wrong is logged, once. */
export class SummaryFile {
  private last = "";
  private warned = false;

  constructor(
    private readonly file: string,
    private readonly log: Logger,
  ) {}

  /** Undefined where there is none, or none of this comparison's. */
  read(live: Slot, rules: ComparisonRules): StoredComparison | undefined {
    let stored: StoredComparison;
    try {
      stored = JSON.parse(readFileSync(this.file, "utf8")) as StoredComparison;
      if (!Number.isFinite(stored.began)) throw new Error("it has no `began`");
      for (const summary of Object.values(stored.models)) ComparisonSummary.of(summary);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        this.log.warn(
          { file: this.file, error: messageOf(error) },
          "the summary cannot be read: it begins anew",
        );
      return undefined;
    }
    if (stored.live === live && JSON.stringify(stored.rules) === JSON.stringify(rules)) return stored;
    this.log.info({ file: this.file }, "the summary is of another comparison: it begins anew");
    return undefined;
  }

  /** Whole or not at all: a process may end at any moment. */
  write(stored: StoredComparison): void {
    const text = JSON.stringify(stored);
    if (text === this.last) return;
    const whole = `${this.file}.tmp`;
    try {
      if (text.length > MOST_BYTES) throw new Error(`${text.length} bytes are more than ${MOST_BYTES}`);
      writeFileSync(whole, text, { mode: 0o600 });
      renameSync(whole, this.file);
      this.last = text;
      this.warned = false;
    } catch (error) {
      rmSync(whole, { force: true });
      if (!this.warned)
        this.log.warn({ file: this.file, error: messageOf(error) }, "the summary cannot be written");
      this.warned = true;
    }
  }
}
