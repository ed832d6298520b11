import type { Logger } from "pino";
import { messageOf } from "../message-of";

/** Where entries go in the end: a file, or a receiver. */
export interface PayloadSink {
  /** Rejects when it could not take them; they are dropped then. */
  deliver(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Why an entry was dropped: too many waited, or the sink failed. */
export type DropReason = "queue" | "sink";

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
  private waiting = 0;
  private delivering: Promise<void> | undefined;
  private failing = false;
  private closed = false;

  constructor(
    private readonly sink: PayloadSink,
    private readonly options: DeliveryOptions,
  ) {}

  push(line: string): void {
    if (this.closed || this.waiting + line.length > (this.options.maxWaiting ?? MAX_WAITING)) {
      this.options.dropped("queue", 1);
      return;
    }
    this.lines.push(line);
    this.waiting += line.length;
    this.delivering ??= this.deliver();
  }

  /** Delivers what waits, as far as that is quick, and closes the sink. */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    this.closed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    const done = Promise.resolve(this.delivering).then(() => this.sink.close());
    await Promise.race([done.catch(() => undefined), late]);
    clearTimeout(timer);
  }

  private async deliver(): Promise<void> {
    while (this.lines.length > 0) {
      const lines = this.lines;
      this.lines = [];
      this.waiting = 0;
      try {
        await this.sink.deliver(lines);
        this.options.written(lines.length);
        this.recovered();
      } catch (error) {
        this.options.dropped("sink", lines.length);
        this.failed(error);
      }
    }
    this.delivering = undefined;
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
