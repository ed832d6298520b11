import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { bytesOfData, type Tensor } from "../dataplane/tensor";
import type { TensorData } from "../dataplane/datatypes";
import type { ModelMetrics } from "../metrics/model-metrics";

/** Bytes of an entry besides its outputs' data: the digest, shapes, and the cache's own notes. */
const ENTRY_OVERHEAD = 512;

/**
 * Answers of one loaded model version by what was asked: the SHA-256 over names, types, shapes and bytes of the inputs,
 * and the outputs that were asked for. Bounded in bytes, least recently used first out. Equal requests that come while
 * the first is under way wait for its answer instead of running again.
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
   * @param waits whether the request may wait for an equal one; one with a deadline of its own had better not
   */
  async answer(
    inputs: readonly Tensor[],
    fetch: readonly number[] | undefined,
    waits: boolean,
    run: () => Promise<Tensor[]>,
  ): Promise<Tensor[]> {
    const began = this.now();
    const key = digestOf(inputs, fetch);
    const known = this.answers.get(key);
    if (known) {
      const outputs = copiesOf(known);
      this.metrics.cacheHit((this.now() - began) / 1000);
      return outputs;
    }
    const other = waits ? this.underWay.get(key) : undefined;
    if (other) {
      try {
        const outputs = copiesOf(await other);
        this.metrics.cacheHit((this.now() - began) / 1000);
        return outputs;
      } catch {
        // What ended the other one, such as its client's leaving, need not end this one.
      }
    }
    return this.fill(key, run, (this.now() - began) / 1000);
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
