import type { ExecutionConfig } from "./model-config-types";
import { LONGEST_INLINE_MS } from "./inline-candidate";
import { openWithFallback } from "./session-options";
import { loadLibrary, SessionRunner } from "./session-runner";
import type { RunTensors } from "./synthetic-rows";

/** A model that the first worker found small enough. */
export interface InlineModel {
  /** The very bytes that were verified. */
  readonly bytes: Uint8Array;
  /** Milliseconds of one row. */
  readonly rowMs: number;
}

/**
 * A second session of a small model on the main thread, for requests that come alone or in twos: handing them to a worker and back
 * costs more than running them. Whatever comes in larger company goes to the workers, where it shares runs.
 */
export class InlineLane {
  private running = 0;
  private released: Promise<void> | undefined;

  private constructor(
    private readonly runner: SessionRunner,
    private readonly rowMs: number,
    /** Bytes that it is estimated to hold besides the workers. */
    readonly memoryBytes: number,
  ) {}

  static async open(
    { bytes, rowMs }: InlineModel,
    file: string,
    execution?: ExecutionConfig,
  ): Promise<InlineLane> {
    const ort = loadLibrary();
    // One thread: there is nothing to divide, and a pool of its own would cost memory.
    const init = {
      file,
      intraOpThreads: 1,
      execution: { ...execution, providers: ["cpu"], intraOpThreads: 1 },
    };
    const { session } = await openWithFallback(ort, bytes, init);
    return new InlineLane(new SessionRunner(ort, session, true), rowMs, 2 * bytes.length);
  }

  get runningCount(): number {
    return this.running;
  }

  /** Whether so many rows take little enough time. */
  takes(rows: number): boolean {
    return rows * this.rowMs <= LONGEST_INLINE_MS;
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
