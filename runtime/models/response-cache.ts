import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { bytesOfData, type Tensor } from "../dataplane/tensor";
import type { TensorData } from "../dataplane/datatypes";
import { ServerError, type ErrorCode } from "../errors";
import type { ModelMetrics } from "../metrics/model-metrics";

/** Failures that an equal request would meet as well; others, such as a client's leaving, are one request's own. */
const SHARED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "InvalidArgument",
  "Internal",
  "WorkerCrashed",
  "ModelNotReady",
  "Draining",
  "QueueFull",
]);

/** A request that may wait for the answer to an equal one, and is counted meanwhile. */
export interface Waiting {
  /** @throws where no more may wait */
  enter(): void;
  leave(): void;
  /** To be asked where the other one ended without an answer. @throws where this one is to end as well, instead of running */
  goOn(waitedMs: number): void;
}

/** Bytes of an entry besides its outputs' data: the digest, shapes, and the cache's own notes. */
const ENTRY_OVERHEAD = 512;

/**
 * Answers of one loaded model version by what was asked: the SHA-256 over names, types, shapes and bytes of the inputs,
 * and the outputs that were asked for. Bounded in bytes, least recently used first out. Equal requests that come while
 * the first is under way wait for its answer instead of running again; where it ends without one, one of them runs and the
 * others go on waiting.
 */
export class ResponseCache {
  private readonly answers: LRUCache<string, Tensor[]>;
  private readonly underWay = new Map<string, Promise<Tensor[]>>();

  constructor(
    maxBytes: number,
    private readonly metrics: Pick<ModelMetrics, "cacheHit" | "cacheMiss">,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.answers = new LRUCache<string, Tensor[]>({ maxSize: maxBytes, sizeCalculation: sizeOf });
  }

  get bytes(): number {
    return this.answers.calculatedSize;
  }

  /**
   * The answer to a request, from the cache or by `run`.
   * @param waiting counts it while it waits for an equal one; left out where it had better not wait, as with a deadline of its own
   */
  async answer(
    inputs: readonly Tensor[],
    fetch: readonly number[] | undefined,
    waiting: Waiting | undefined,
    run: () => Promise<Tensor[]>,
  ): Promise<Tensor[]> {
    const began = this.now();
    const key = digestOf(inputs, fetch);
    const known = this.answers.get(key);
    if (known) return this.hit(known, 0, began);
    const digestMs = this.now() - began;
    let waits = false;
    try {
      // Nothing is awaited between a look that finds none under way and `fill`: of all who wait, one runs.
      for (let other = this.otherOf(key, waiting); other; other = this.otherOf(key, waiting)) {
        if (!waits) waiting!.enter();
        waits = true;
        try {
          return this.hit(await other, digestMs, this.now());
        } catch (error) {
          if (error instanceof ServerError && SHARED.has(error.code)) throw error;
          waiting!.goOn(this.now() - began);
        }
      }
    } finally {
      if (waits) waiting!.leave();
    }
    return this.fill(key, run, digestMs / 1000);
  }

  /** The answer that an equal request is about to get, where it may be waited for. */
  private otherOf(key: string, waiting: Waiting | undefined): Promise<Tensor[]> | undefined {
    return waiting && this.underWay.get(key);
  }

  /** @param beforeMs what the look-up took before `began`, without waiting for anybody */
  private hit(answer: readonly Tensor[], beforeMs: number, began: number): Tensor[] {
    const outputs = copiesOf(answer);
    this.metrics.cacheHit((beforeMs + this.now() - began) / 1000);
    return outputs;
  }

  private async fill(key: string, run: () => Promise<Tensor[]>, lookUpSeconds: number): Promise<Tensor[]> {
    const running = run();
    this.underWay.set(key, running);
    try {
      const outputs = await running;
      const began = this.now();
      this.answers.set(key, copiesOf(outputs));
      this.metrics.cacheMiss(lookUpSeconds + (this.now() - began) / 1000);
      return outputs;
    } finally {
      if (this.underWay.get(key) === running) this.underWay.delete(key);
    }
  }
}

function digestOf(inputs: readonly Tensor[], fetch: readonly number[] | undefined): string {
  const hash = createHash("sha256");
  for (const { name, datatype, shape, data } of inputs) {
    // JSON has an end of its own, so that no two requests can look the same in another arrangement.
    hash.update(JSON.stringify([name, datatype, shape, Array.isArray(data) ? data : 0]));
    if (!Array.isArray(data)) hash.update(bytesOfData(data));
  }
  hash.update(JSON.stringify(fetch ?? null));
  return hash.digest("base64");
}

/**
 * Tensors with data of their own. What is kept must outlive a transfer of what was handed out, and must not keep a
 * whole batch's outputs in memory, of which an answer is a view.
 */
function copiesOf(tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((tensor) => ({ ...tensor, data: tensor.data.slice() as TensorData }));
}

function sizeOf(tensors: readonly Tensor[]): number {
  let bytes = ENTRY_OVERHEAD;
  for (const { data } of tensors) {
    if (Array.isArray(data)) for (const text of data) bytes += 16 + 2 * text.length;
    else bytes += data.byteLength;
  }
  return bytes;
}
