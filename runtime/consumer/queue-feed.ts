import type { Logger } from "pino";
import type { InferenceAccounts } from "../dataplane/accounted";
import type { Feed } from "../feed";
import { MessageInference, type MessageInferenceOptions } from "./infer-message";
import type { MessageQueue } from "./message-queue";
import { MessageWorker, type MessageWorkerOptions } from "./message-worker";
import { QueueMetrics } from "./queue-metrics";

/** Milliseconds between two looks at how many messages wait. */
const LAG_INTERVAL = 15_000;

/** Requests of a queue, as one more way into the server. */
export class QueueFeed implements Feed {
  private readonly metrics: QueueMetrics;
  private readonly worker: MessageWorker;
  private lagTimer: NodeJS.Timeout | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly queue: MessageQueue,
    accounts: InferenceAccounts,
    options: MessageInferenceOptions & MessageWorkerOptions,
    private readonly log: Logger,
  ) {
    this.metrics = new QueueMetrics(accounts.metrics.registry);
    this.metrics.connected = () => queue.connected;
    const inference = new MessageInference(accounts, options, () => this.worker.isCutOff);
    this.worker = new MessageWorker(
      (delivery) => inference.answer(delivery),
      queue,
      options,
      this.metrics,
      log,
    );
  }

  /** A broker that goes away later is no reason to take the pod for unready: nothing else could serve in its place. */
  ready(): boolean {
    return this.queue.connectedOnce;
  }

  start(): void {
    if (this.stopped) return;
    this.queue.start((delivery) => this.worker.handle(delivery));
    this.lagTimer = setInterval(() => void this.readLag(), LAG_INTERVAL);
    this.lagTimer.unref();
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.finish());
  }

  async close(): Promise<void> {
    clearInterval(this.lagTimer);
    this.worker.abort();
    await this.queue.close();
  }

  private async finish(): Promise<void> {
    clearInterval(this.lagTimer);
    this.worker.stop();
    await this.queue.stop();
  }

  /** Also for tests, which do not wait for the next look. */
  async readLag(): Promise<void> {
    try {
      this.metrics.lag = await this.queue.lag();
    } catch (error) {
      this.log.debug({ err: error }, "the lag is not known");
    }
  }
}
