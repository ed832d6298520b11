import type { Logger } from "pino";
import { backoff, Waits } from "../consumer/backoff";
import { Slots } from "../consumer/slots";
import { messageOf } from "../message-of";
import type { Alert } from "./alert-notification";
import { Ledger, type LedgerRecord } from "./ledger";
import { retrainingEvent, type RetrainingEvent } from "./retraining-event";
import type { StateFile } from "./state-file";
import type { Attempt } from "./target-client";

export interface TriggerOptions {
  /** Names of alerts, or `*`. */
  readonly alerts: readonly string[];
  /** Seconds. */
  readonly cooldown: number;
  readonly maxAttempts: number;
  /** Seconds. */
  readonly retryDelay: number;
  readonly maxRetryDelay: number;
  readonly send: (event: RetrainingEvent) => Promise<Attempt>;
  readonly state: Pick<StateFile, "write">;
  /** What an earlier process left. */
  readonly before: readonly LedgerRecord[];
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Resolves with false where the wait was ended early. */
  readonly wait?: (seconds: number) => Promise<boolean>;
}

export type Outcome = "delivered" | "duplicate" | "failed";

/** What became of a notification's alerts. */
export interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  /** Resolved, not of the chosen names, or without a model. */
  readonly ignored: number;
}

/** Calls of the target at a time. */
const PARALLEL = 4;

/** Passes alerts on to the target: each once, each model at most once within the cooldown, whatever becomes of this process. */
export class RetrainingTrigger {
  readonly outcomes: Record<Outcome, number> = { delivered: 0, duplicate: 0, failed: 0 };
  private readonly ledger: Ledger;
  private readonly slots = new Slots(PARALLEL);
  private readonly waits = new Waits();
  private readonly deliveries = new Set<Promise<void>>();
  private stopping = false;

  constructor(private readonly options: TriggerOptions) {
    this.ledger = new Ledger(options.cooldown * 1000, options.before);
  }

  /** Events that are still to be delivered. */
  get pending(): number {
    return this.ledger.pending.length;
  }

  /** Goes on with what an earlier process had accepted. */
  start(): void {
    for (const event of this.ledger.pending) this.deliver(event);
  }

  /**
   * Takes a notification's alerts. What is accepted is on the disk when this returns.
   * @throws where it cannot be: the notification has to come again
   */
  take(alerts: readonly Alert[]): Taken {
    const accepted: RetrainingEvent[] = [];
    let duplicates = 0;
    let ignored = 0;
    for (const alert of alerts) {
      const event = this.isChosen(alert) ? retrainingEvent(alert) : undefined;
      if (event === undefined) {
        ignored++;
        continue;
      }
      const refusal = this.ledger.accept(event, this.now());
      if (refusal === undefined) accepted.push(event);
      else {
        duplicates++;
        const { id, model, alert: name } = event;
        this.options.log.debug({ id, model, alert: name, because: refusal }, "the alert triggers nothing");
      }
    }
    if (accepted.length > 0) this.keep(accepted);
    this.outcomes.duplicate += duplicates;
    for (const event of accepted) this.deliver(event);
    return { accepted: accepted.length, duplicates, ignored };
  }

  /** Ends what waits; it is delivered after the next start. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.waits.endAll();
    await Promise.all(this.deliveries);
  }

  private isChosen({ status, labels }: Alert): boolean {
    const { alerts } = this.options;
    return status === "firing" && (alerts.includes("*") || alerts.includes(labels.alertname ?? ""));
  }

  private keep(accepted: readonly RetrainingEvent[]): void {
    try {
      this.options.state.write(this.ledger.all);
    } catch (error) {
      for (const { id } of accepted) this.ledger.forget(id);
      throw error;
    }
  }

  private deliver(event: RetrainingEvent): void {
    const delivery = this.attempts(event).finally(() => this.deliveries.delete(delivery));
    this.deliveries.add(delivery);
  }

  private async attempts(event: RetrainingEvent): Promise<void> {
    const { maxAttempts, retryDelay, maxRetryDelay, log } = this.options;
    const { id, model, version, namespace, alert } = event;
    const about = { id, model, version, namespace, alert };
    for (let attempt = 1; !this.stopping; attempt++) {
      const result = await this.attempt(event);
      if (result.outcome === "delivered") {
        log.info({ ...about, attempt }, "retraining was triggered");
        return this.settle(event, "delivered");
      }
      const { why } = result;
      if (result.outcome === "refused" || attempt >= maxAttempts) {
        log.error({ ...about, attempt, cause: why }, "retraining could not be triggered");
        return this.settle(event, "failed");
      }
      const seconds = Math.max(backoff(attempt, retryDelay, maxRetryDelay), result.afterSeconds);
      log.warn(
        { ...about, attempt, cause: why, seconds },
        "the target did not take the event; it is tried again",
      );
      await (this.options.wait?.(seconds) ?? this.waits.wait(seconds));
    }
  }

  private async attempt(event: RetrainingEvent): Promise<Attempt> {
    await this.slots.take();
    try {
      return await this.options.send(event);
    } finally {
      this.slots.release();
    }
  }

  private settle({ id }: RetrainingEvent, outcome: "delivered" | "failed"): void {
    this.outcomes[outcome]++;
    if (outcome === "delivered") this.ledger.delivered(id);
    else this.ledger.forget(id);
    try {
      this.options.state.write(this.ledger.all);
    } catch (error) {
      this.options.log.error(
        { cause: messageOf(error) },
        "the state cannot be written: after a restart an event may be delivered again",
      );
    }
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
