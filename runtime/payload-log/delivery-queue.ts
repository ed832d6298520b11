import type { Logger } from "pino";
import { messageOf } from "../message-of";

/** Where entries go in the end: a file, or a receiver. */
export interface PayloadSink {
  /** What is to come together before it is delivered, or how long that may take. @default nothing is waited for */
  readonly gather?: { readonly characters: number; readonly milliseconds: number };
  /** Characters of the largest entry that it takes. @default any */
  readonly largest?: number;
  /** Rejects when it could not take them; they are dropped then. */
  deliver(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Why an entry was dropped: too many waited, it is too large, the sink failed, or the server ended first. */
export type DropReason = "queue" | "size" | "sink" | "end";

export interface DeliveryOptions {
  /** Characters that may wait. @default MAX_WAITING */
  readonly maxWaiting?: number;
  readonly dropped: (reason: DropReason, count: number) => void;
  readonly written: (count: number) => void;
  readonly log: Logger;
}

/** Characters of entries that wait for the sink; beyond that they are dropped rather than held. */
const MAX_WAITING = 8_388_608;

/** Milliseconds that closing waits for the sink. */
const CLOSE_TIMEOUT_MS = 3000;

/** Hands entries to a sink one batch after another; what does not fit or cannot be taken is dropped and counted. */
export class DeliveryQueue {
  private lines: string[] = [];
  /** Characters of `lines`. */
  private waiting = 0;
  /** Entries that the sink is just taking. */
  private unsettled = 0;
  private timer: NodeJS.Timeout | undefined;
  private delivering: Promise<void> | undefined;
  private failing = false;
  private closed = false;

  constructor(
    private readonly sink: PayloadSink,
    private readonly options: DeliveryOptions,
  ) {}

  /** Takes an entry. Returns at once, and never throws. */
  push(line: string): void {
    const { largest = Infinity } = this.sink;
    const { maxWaiting = MAX_WAITING, dropped } = this.options;
    if (line.length > largest) return dropped("size", 1);
    if (this.closed || this.waiting + line.length > maxWaiting) return dropped("queue", 1);
    this.lines.push(line);
    this.waiting += line.length;
    if (this.delivering === undefined) this.deliverInTime();
  }

  /** Delivers what waits, as far as that is quick, and closes the sink. */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    this.closed = true;
    this.begin();
    let late: NodeJS.Timeout | undefined;
    const given = new Promise<void>((resolve) => (late = setTimeout(resolve, timeoutMs)));
    const done = Promise.resolve(this.delivering).then(() => this.sink.close());
    await Promise.race([done.catch(() => undefined), given]);
    clearTimeout(late);
    const lost = this.lines.length + this.unsettled;
    if (lost === 0) return;
    this.options.dropped("end", lost);
    this.options.log.warn({ entries: lost }, "the payload log was not delivered in full before the end");
  }

  private deliverInTime(): void {
    const { gather } = this.sink;
    if (gather === undefined || this.closed || this.waiting >= gather.characters) return this.begin();
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => this.begin(), gather.milliseconds);
    this.timer.unref();
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length > 0) this.delivering ??= this.deliver();
  }

  private async deliver(): Promise<void> {
    const { lines } = this;
    this.lines = [];
    this.unsettled = lines.length;
    this.waiting = 0;
    try {
      await this.sink.deliver(lines);
      this.options.written(lines.length);
      this.recovered();
    } catch (error) {
      this.options.dropped("sink", lines.length);
      this.failed(error);
    }
    this.unsettled = 0;
    // Where the server ends, whoever closes waits for all of it.
    if (this.closed && this.lines.length > 0) return this.deliver();
    this.delivering = undefined;
    if (this.lines.length > 0) this.deliverInTime();
  }

  /** One line per outage. */
  private failed(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    this.options.log.warn(
      { cause: messageOf(error) },
      "the payload log cannot be written; entries are dropped until it can",
    );
  }

  private recovered(): void {
    if (!this.failing) return;
    this.failing = false;
    this.options.log.info("the payload log is written again");
  }
}
