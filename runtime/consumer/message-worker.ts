import type { Logger } from "pino";
import { publicError, type ErrorCode } from "../errors";
import { messageOf } from "../message-of";
import { backoff, Waits } from "./backoff";
import { HEADER, LONGEST_KEY } from "./headers";
import { resultKey } from "./infer-message";
import { isRefused, type Delivery, type MessageQueue, type Outgoing } from "./message-queue";
import type { QueueMetrics } from "./queue-metrics";

/** Failures that may pass by themselves; all others are the message's own, and would be the same the next time. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ModelNotReady",
  "QueueFull",
  "Overloaded",
  "DeadlineExceeded",
  "Draining",
  "WorkerCrashed",
  "Cancelled",
  "Internal",
]);

export interface MessageWorkerOptions {
  /** Times that a message is tried before it becomes a dead letter. */
  readonly maxAttempts: number;
  /** Seconds before the second attempt; doubled each time. */
  readonly retryDelay: number;
  /** Seconds between two attempts at most. */
  readonly maxRetryDelay: number;
}

/** Settles messages: each ends as a result, as a dead letter or, while the consumer stops, back in the queue. */
export class MessageWorker {
  private readonly waits = new Waits();
  private stopping = false;
  private cutOff = false;

  constructor(
    private readonly answer: (delivery: Delivery) => Promise<Outgoing>,
    private readonly queue: Pick<MessageQueue, "publishResult" | "publishDeadLetter">,
    private readonly options: MessageWorkerOptions,
    private readonly metrics: QueueMetrics,
    private readonly log: Logger,
  ) {}

  /** Whether what is in flight is given up. */
  get isCutOff(): boolean {
    return this.cutOff;
  }

  /** Messages that wait for another attempt are given back; those that run are finished. */
  stop(): void {
    this.stopping = true;
    this.waits.endAll();
  }

  /** Publishes nothing more. */
  abort(): void {
    this.cutOff = true;
    this.stop();
  }

  /** Promises whether the message is settled; never rejects. */
  async handle(delivery: Delivery): Promise<boolean> {
    const { metrics } = this;
    const started = performance.now();
    metrics.consumed++;
    metrics.inflight++;
    try {
      const settled = await this.settle(delivery);
      if (settled) metrics.processed((performance.now() - started) / 1000);
      else metrics.abandoned++;
      return settled;
    } catch (error) {
      this.log.error({ err: error, origin: delivery.origin }, "a message could not be settled");
      metrics.abandoned++;
      return false;
    } finally {
      metrics.inflight--;
    }
  }

  private async settle(delivery: Delivery): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      let answer: Outgoing;
      try {
        answer = await this.answer(delivery);
      } catch (error) {
        if (this.cutOff) return false;
        const refusal = publicError(error);
        if (refusal.code === "Internal")
          this.log.error({ err: error, origin: delivery.origin }, "a message failed");
        if (!TRANSIENT.has(refusal.code))
          return this.giveUp(delivery, refusal.code, refusal.message, attempt);
        // What ends with the server is not the message's fault: another consumer will have it.
        if (this.stopping) return false;
        if (attempt >= this.options.maxAttempts)
          return this.giveUp(delivery, refusal.code, refusal.message, attempt);
        this.metrics.retried(refusal.code);
        if (!(await this.pause(attempt))) return false;
        continue;
      }
      return this.publish(delivery, answer, attempt);
    }
  }

  private async publish(delivery: Delivery, answer: Outgoing, attempt: number): Promise<boolean> {
    try {
      const stored = await this.untilStored(delivery, () => this.queue.publishResult(delivery, answer));
      if (stored) this.metrics.succeeded++;
      return stored;
    } catch (error) {
      return this.giveUp(delivery, "Publish", messageOf(error), attempt);
    }
  }

  private async giveUp(delivery: Delivery, code: string, reason: string, attempt: number): Promise<boolean> {
    const key = keyOf(delivery);
    const message = {
      key,
      headers: {
        [HEADER.key]: key,
        [HEADER.origin]: delivery.origin,
        [HEADER.errorCode]: code,
        [HEADER.error]: oneLine(reason),
        [HEADER.attempts]: String(attempt),
        [HEADER.failedAt]: new Date().toISOString(),
      },
    };
    const stored = await this.untilStored(delivery, async () => {
      try {
        await this.queue.publishDeadLetter(delivery, message, true);
      } catch (error) {
        if (!isRefused(error)) throw error;
        // With its reason it has become too large: the reason is worth more, and the original still has its origin.
        const headers = { ...message.headers, [HEADER.bodyOmitted]: "true" };
        await this.queue.publishDeadLetter(delivery, { key, headers }, false);
      }
    });
    if (!stored) return false;
    this.metrics.deadLettered(code);
    this.log.warn({ origin: delivery.origin, key, code, reason, attempts: attempt }, "dead letter");
    return true;
  }

  /**
   * Publishes until the broker has it: a broker that is away is no fault of the message, and the message counts as in
   * flight meanwhile, so that nothing further is taken.
   * @returns false where the consumer was cut off first
   * @throws Refused
   */
  private async untilStored(delivery: Delivery, publish: () => Promise<void>): Promise<boolean> {
    for (let attempt = 1; !this.cutOff; attempt++) {
      try {
        await publish();
        return true;
      } catch (error) {
        if (isRefused(error)) throw error;
        const level = attempt === 1 ? "warn" : "debug";
        this.log[level]({ err: error, origin: delivery.origin }, "the broker did not take a message");
        this.metrics.retried("Publish");
        if (!(await this.pause(attempt))) return false;
      }
    }
    return false;
  }

  private pause(attempt: number): Promise<boolean> {
    const { retryDelay, maxRetryDelay } = this.options;
    return this.waits.wait(backoff(attempt, retryDelay, maxRetryDelay));
  }
}

/** The key of a dead letter, as far as it can be known without what cannot be read. */
function keyOf(delivery: Delivery): string {
  const { messageId, headers, identity } = delivery;
  const given = headers[HEADER.id] || messageId;
  return given && Buffer.byteLength(given) <= LONGEST_KEY ? resultKey(delivery, undefined) : identity;
}

/** Headers are read by people on terminals. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
