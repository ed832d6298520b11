import type { Logger } from "pino";
import type { Tensor } from "../dataplane/tensor";
import { messageOf } from "../message-of";
import { ByteWriter } from "../rest/print/byte-writer";
import { AnswerLine, type WaitingAnswer } from "./answer-line";
import type { ComparatorClient } from "./comparator-client";

/** Why an answer was dropped: too many waited, it is too large, or the comparator did not take it. */
export type ShadowDrop = "queue" | "size" | "comparator";

export interface SenderOptions {
  readonly log: Logger;
  readonly sent: (count: number) => void;
  readonly dropped: (reason: ShadowDrop, count: number) => void;
  /** Bytes of tensors that may wait. @default MOST_WAITING */
  readonly mostWaiting?: number;
  /** Milliseconds between the first answer and its being sent. @default LINGER_MS */
  readonly lingerMs?: number;
  /** Milliseconds until the next attempt after a failure; doubled by each further one. @default PAUSE_MS */
  readonly pauseMs?: number;
}

/** Bytes of tensors that are held for the comparator; beyond that answers are dropped. */
const MOST_WAITING = 16 * 2 ** 20;
/** Bytes of one answer's tensors. As JSON they take five times as much, which is what the comparator takes in one request. */
export const LARGEST_ANSWER = 2 * 2 ** 20;
/** What an answer holds beside its tensors, and a text beside its characters. */
const OVERHEAD = 300;
const TEXT_OVERHEAD = 16;

/** Answers are sent together: one request costs more than all of their lines. */
const LINGER_MS = 250;
/** Bytes of lines from which on a request is sent. */
const BATCH_BYTES = 2 ** 20;
/** Milliseconds of writing lines before others have their turn, and until the next: at most a tenth of the thread's time. */
const TURN_MS = 0.5;
const BETWEEN_TURNS_MS = 5;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Milliseconds that closing waits for the comparator. */
const CLOSE_TIMEOUT_MS = 2000;

interface Held extends WaitingAnswer {
  /** Bytes that it holds. */
  readonly bytes: number;
}

/**
 * Sends answers to the comparator, long after their clients have them. Answers are kept as they are and written as JSON in small
 * turns; what does not fit, and everything while the comparator is gone, is dropped and counted.
 */
export class AnswerSender {
  private waiting: Held[] = [];
  private held = 0;
  /** Rows of one run share their buffers, which count once. */
  private last: readonly Tensor[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private pausedUntil = 0;
  private pause: number;
  private failing = false;
  private closed = false;

  constructor(
    private readonly client: Pick<ComparatorClient, "send" | "renew" | "close">,
    private readonly options: SenderOptions,
  ) {
    this.pause = this.firstPause;
  }

  /** Takes an answer. Returns at once, and never throws. */
  offer(answer: WaitingAnswer): void {
    const { dropped, mostWaiting = MOST_WAITING } = this.options;
    if (this.closed || (this.failing && performance.now() < this.pausedUntil)) {
      dropped("comparator", 1);
      return;
    }
    const { own, held } = this.sizeOf(answer.outputs);
    if (own > LARGEST_ANSWER || this.held + held > mostWaiting) {
      dropped(own > LARGEST_ANSWER ? "size" : "queue", 1);
      return;
    }
    this.held += held;
    this.last = answer.outputs;
    this.waiting.push({ ...answer, bytes: held });
    if (this.timer === undefined && this.sending === undefined) this.sendSoon();
  }

  /** Sends what waits, as far as that is quick. */
  async close(): Promise<void> {
    this.closed = true;
    if (!this.failing) this.begin();
    let late: NodeJS.Timeout | undefined;
    const given = new Promise<void>((resolve) => (late = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
    await Promise.race([this.sending, given]);
    clearTimeout(late);
    clearTimeout(this.timer);
    this.client.close();
  }

  private get firstPause(): number {
    return this.options.pauseMs ?? PAUSE_MS;
  }

  /** Bytes of the tensors, and those that are held by keeping them. */
  private sizeOf(outputs: readonly Tensor[]): { readonly own: number; readonly held: number } {
    let own = OVERHEAD;
    let held = OVERHEAD;
    for (let i = 0; i < outputs.length; i++) {
      const { data } = outputs[i]!;
      if (Array.isArray(data)) {
        let characters = 0;
        for (const item of data) characters += item.length + TEXT_OVERHEAD;
        own += characters;
        held += characters;
        continue;
      }
      own += data.byteLength;
      const before = this.last[i]?.data;
      const isShared = before !== undefined && !Array.isArray(before) && before.buffer === data.buffer;
      if (!isShared) held += data.buffer.byteLength;
    }
    return { own, held };
  }

  private sendSoon(): void {
    this.timer = setTimeout(() => this.begin(), this.options.lingerMs ?? LINGER_MS);
    this.timer.unref();
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sending ??= this.deliver().finally(() => {
      this.sending = undefined;
      if (this.waiting.length > 0 && !this.closed) this.sendSoon();
    });
  }

  /** Sends what waits now; what comes meanwhile gathers for the next time. */
  private async deliver(): Promise<void> {
    const answers = this.waiting;
    this.waiting = [];
    this.last = [];
    let settled = 0;
    try {
      while (settled < answers.length) {
        const { lines, count } = await this.write(answers, settled);
        const refused = await this.client.send(lines);
        settled += count;
        this.options.sent(count - refused);
        if (refused > 0) this.options.dropped("comparator", refused);
        this.recovered();
      }
    } catch (error) {
      this.failed(error, answers.length - settled);
      await this.client.renew();
    }
  }

  /** Lines of the answers from a place on, as many as go together. */
  private async write(
    answers: readonly Held[],
    first: number,
  ): Promise<{ readonly lines: Buffer; readonly count: number }> {
    const writer = new ByteWriter();
    let next = first;
    let from = performance.now();
    while (next < answers.length && writer.at < BATCH_BYTES) {
      const answer = answers[next]!;
      const line = new AnswerLine(answer);
      for (let done = false; !done;) {
        done = line.step(writer);
        if (performance.now() - from < TURN_MS) continue;
        // At the end there are no requests left that it could be in the way of.
        await turn(this.closed ? 0 : BETWEEN_TURNS_MS);
        from = performance.now();
      }
      this.held -= answer.bytes;
      next++;
    }
    return { lines: writer.take(), count: next - first };
  }

  /** Nothing is kept for a comparator that is gone: the other slot's answers would not wait until it is back. */
  private failed(error: unknown, unsent: number): void {
    this.pausedUntil = performance.now() + this.pause;
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    this.options.dropped("comparator", unsent + this.waiting.length);
    this.waiting = [];
    this.held = 0;
    this.last = [];
    if (this.failing || this.closed) return;
    this.failing = true;
    this.options.log.warn(
      { cause: messageOf(error) },
      "the comparator does not take sampled answers; they are dropped until it does",
    );
  }

  private recovered(): void {
    this.pause = this.firstPause;
    if (!this.failing) return;
    this.failing = false;
    this.options.log.info("the comparator takes sampled answers again");
  }
}

const turn = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
