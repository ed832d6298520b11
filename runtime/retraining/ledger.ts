import { modelKey, type RetrainingEvent } from "./retraining-event";

/** What became of an event, or is to become. */
export interface LedgerRecord {
  readonly id: string;
  /** Namespace and model. */
  readonly model: string;
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number;
  /** The event while it has not been delivered. */
  readonly pending?: RetrainingEvent;
}

/** Why an event is not passed on: its alert already was, or its model was not long ago. */
export type Refusal = "alert" | "cooldown";

/** Records that are kept; an alert that has fired for longer than the last so many others would trigger again. */
const MOST_RECORDS = 10_000;

/** Remembers what has been triggered: an alert once, and a model at most once within the cooldown. */
export class Ledger {
  private readonly records = new Map<string, LedgerRecord>();

  constructor(
    private readonly cooldownMs: number,
    records: readonly LedgerRecord[] = [],
    private readonly most = MOST_RECORDS,
  ) {
    for (const record of records) this.records.set(record.id, record);
  }

  /** Every record, the oldest first. */
  get all(): readonly LedgerRecord[] {
    return [...this.records.values()];
  }

  get pending(): readonly RetrainingEvent[] {
    return this.all.flatMap(({ pending }) => pending ?? []);
  }

  /** Takes an event, or says why not. @param now milliseconds since 1970 */
  accept(event: RetrainingEvent, now: number): Refusal | undefined {
    if (this.records.has(event.id)) return "alert";
    const model = modelKey(event);
    for (const record of this.records.values()) {
      const isRecent = record.pending !== undefined || now - record.at < this.cooldownMs;
      if (record.model === model && isRecent) return "cooldown";
    }
    this.records.set(event.id, { id: event.id, model, at: now, pending: event });
    this.forgetOldest();
    return undefined;
  }

  delivered(id: string): void {
    const record = this.records.get(id);
    if (record) this.records.set(id, { id, model: record.model, at: record.at });
  }

  /** As if it had never been: the next notification of the alert is another try. */
  forget(id: string): void {
    this.records.delete(id);
  }

  private forgetOldest(): void {
    for (const { id, pending } of this.records.values()) {
      if (this.records.size <= this.most) return;
      if (pending === undefined) this.records.delete(id);
    }
  }
}
