import { usableCpus } from "../cpu-quota";
import { LONGEST_INLINE_MS, type InlineTimes } from "./inline-candidate";
import type { ExecutionConfig } from "./model-config-types";
import { openWithFallback } from "./session-options";
import { loadLibrary, SessionRunner } from "./session-runner";
import { SpareBuffers } from "./spare-buffers";
import type { RunTensors } from "./synthetic-rows";

/** A model that the first worker found small enough. */
export interface InlineModel extends InlineTimes {
  /** The very bytes that were verified. */
  readonly bytes: Uint8Array;
}

/** What is run on the main thread: requests that share a run, and milliseconds of it. */
interface InlineLimits {
  readonly requests: number;
  readonly ms: number;
}

/**
 * With a processor for the worker besides. Sixteen requests cost the main thread little more than handing them over and taking
 * the answers, and spare the way there and back (1.2 times as many a second); with more of them two threads answer more.
 */
const BESIDE_WORKERS: InlineLimits = { requests: 16, ms: LONGEST_INLINE_MS };
/** With one processor for both, where the main thread waits while the worker runs: 1.2 to 1.4 times as many a second. */
const ALONE: InlineLimits = { requests: Infinity, ms: 5 * LONGEST_INLINE_MS };

/**
 * A second session of a small model on the main thread, for runs that take no longer than to hand them to a worker and back.
 * Others go to the workers.
 */
export class InlineLane {
  /** Memory for the inputs of large runs. */
  readonly spare = new SpareBuffers();
  private running = 0;
  private released: Promise<void> | undefined;

  private constructor(
    private readonly runner: SessionRunner,
    private readonly times: InlineTimes,
    private readonly limits: InlineLimits,
    /** Bytes that it is estimated to hold besides the workers. */
    readonly memoryBytes: number,
  ) {}

  static async open(
    { bytes, ...times }: InlineModel,
    file: string,
    execution?: ExecutionConfig,
    processors = usableCpus(),
  ): Promise<InlineLane> {
    const ort = loadLibrary();
    // One thread: there is nothing to divide, and a pool of its own would cost memory.
    const init = {
      file,
      intraOpThreads: 1,
      execution: { ...execution, providers: ["cpu"], intraOpThreads: 1 },
    };
    const { session } = await openWithFallback(ort, bytes, init);
    const limits = processors > 1 ? BESIDE_WORKERS : ALONE;
    return new InlineLane(new SessionRunner(ort, session, true), times, limits, 2 * bytes.length);
  }

  get runningCount(): number {
    return this.running;
  }

  /** Whether so many requests, of so many rows together, had better run here than on a worker that is free. */
  takes(requests: number, rows: number): boolean {
    const { rowMs, moreMs } = this.times;
    return requests <= this.limits.requests && rowMs + (rows - 1) * moreMs <= this.limits.ms;
  }

  async run(inputs: RunTensors, fetch: readonly number[] | undefined): Promise<RunTensors> {
    this.running++;
    try {
      return await this.runner.run(inputs, fetch);
    } finally {
      this.running--;
    }
  }

  /** Again does nothing: a model that retires is closed once more when the server ends. */
  close(): Promise<void> {
    return (this.released ??= this.runner.session.release());
  }
}
