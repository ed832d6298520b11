import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../toolchain/errors";
import { grpcSender, streamSender } from "./grpc-senders";
import { mistakeIn, type Question } from "./questions";
import { http1Sender, http2Sender } from "./rest-senders";
import type { Sender, Target } from "./sender";
import { Tally, TRANSPORTS, type ReportFilter, type TrafficReport, type Transport } from "./tally";

export interface OpenLoopOptions {
  readonly target: Target;
  readonly questions: readonly Question[];
  /** Requests per second, of all transports together. */
  readonly rate: number;
  /** Which transports share them, evenly. @default all */
  readonly transports?: readonly Transport[];
  /** Milliseconds after which a request that failed is sent once more. @default it is not */
  readonly retryAfterMs?: number;
}

/** One request at a time goes over each: enough that none waits for another while an update has the machine busy. */
const HTTP1_CONNECTIONS = 256;
const HTTP2_CONNECTIONS = 2;
const TICK_MS = 5;

/** Sends at a fixed rate whatever becomes of the answers, as the world does, and judges every answer. */
export class OpenLoop {
  private readonly tally = new Tally();
  private readonly startedAt = performance.now();
  private readonly underWay = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private sent = 0;

  private constructor(
    private readonly options: OpenLoopOptions,
    private readonly senders: readonly (readonly [Transport, Sender])[],
  ) {
    this.timer = setInterval(() => this.sendWhatIsDue(), TICK_MS);
  }

  static async start(options: OpenLoopOptions): Promise<OpenLoop> {
    const { target, questions } = options;
    const make: Record<Transport, () => Sender | Promise<Sender>> = {
      http1: () => http1Sender(target, questions, HTTP1_CONNECTIONS),
      http2: () => http2Sender(target, questions, HTTP2_CONNECTIONS),
      grpc: () => grpcSender(target, questions),
      stream: () => streamSender(target, questions),
    };
    const senders = await Promise.all(
      (options.transports ?? TRANSPORTS).map(
        async (transport) => [transport, await make[transport]()] as const,
      ),
    );
    // Connections and caches first: what is measured is a service under way.
    for (const [transport, sender] of senders) {
      await sender.send(0).catch((error: unknown) => {
        throw new Error(`${transport}: the first request failed: ${messageOf(error)}`);
      });
    }
    return new OpenLoop(options, senders);
  }

  /** Milliseconds since the start. */
  now(): number {
    return performance.now() - this.startedAt;
  }

  /** What became of the requests so far. */
  report(filter: ReportFilter = {}): TrafficReport {
    return this.tally.report((this.now() - (filter.from ?? 0)) / 1000, filter);
  }

  /** Sends no more, and waits for what is under way. */
  async stop(): Promise<TrafficReport> {
    clearInterval(this.timer);
    const seconds = this.now() / 1000;
    await Promise.all(this.underWay);
    await Promise.all(this.senders.map(([, sender]) => sender.close()));
    return this.tally.report(seconds);
  }

  private sendWhatIsDue(): void {
    const interval = 1000 / this.options.rate;
    for (let dueAt = this.sent * interval; dueAt <= this.now(); dueAt = this.sent * interval) {
      const [transport, sender] = this.senders[this.sent % this.senders.length]!;
      const question = this.sent % this.options.questions.length;
      this.sent++;
      const done = this.ask(transport, sender, question, dueAt);
      this.underWay.add(done);
      void done.finally(() => this.underWay.delete(done));
    }
  }

  private async ask(transport: Transport, sender: Sender, question: number, dueAt: number): Promise<void> {
    let retried = false;
    const attempt = () => sender.send(question);
    try {
      const reply = await attempt().catch(async (error: unknown) => {
        const { retryAfterMs } = this.options;
        if (retryAfterMs === undefined) throw error;
        retried = true;
        await sleep(retryAfterMs);
        return attempt();
      });
      const mistake = mistakeIn(this.options.questions[question]!, reply.version, reply.outputs);
      this.tally.add({ transport, dueAt, endedAt: this.now(), version: reply.version, mistake, retried });
    } catch (error) {
      this.tally.add({ transport, dueAt, endedAt: this.now(), failure: messageOf(error), retried });
    }
  }
}
