import type { InferRequest } from "../dataplane/infer-request";
import type { Tensor } from "../dataplane/tensor";
import { publicError, type ErrorCode } from "../errors";
import type { DeliveryQueue } from "./delivery-queue";
import { tensorRecord, type PayloadEntry, type Redaction, type TensorRecord } from "./payload-entry";

/** Writes down a sample of requests and their answers. */
export class PayloadLog {
  constructor(
    private readonly queue: DeliveryQueue,
    private readonly redaction: Redaction,
    /** 0 to 1. */
    private readonly ratio: number,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * To be called before a request runs, because its tensors' buffers move to a worker then; undefined for a request
   * that is not in the sample. Never throws.
   */
  capture(
    model: { readonly name: string; readonly version: string },
    request: InferRequest,
  ): Capture | undefined {
    if (this.random() >= this.ratio) return undefined;
    return new Capture(this.queue, this.redaction, model, request);
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

/** A request in the sample whose answer is still to come. */
export class Capture {
  private readonly started = performance.now();
  private readonly time = new Date().toISOString();
  private readonly inputs: readonly TensorRecord[];

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly redaction: Redaction,
    private readonly model: { readonly name: string; readonly version: string },
    private readonly request: InferRequest,
  ) {
    this.inputs = records(request.inputs, redaction);
  }

  /** Writes down what becomes of the request, and hands that on unchanged. */
  async settle(answer: Promise<Tensor[]>): Promise<Tensor[]> {
    try {
      const outputs = await answer;
      this.write("OK", records(outputs, this.redaction));
      return outputs;
    } catch (error) {
      this.write(publicError(error).code, []);
      throw error;
    }
  }

  private write(outcome: "OK" | ErrorCode, outputs: readonly TensorRecord[]): void {
    const entry: PayloadEntry = {
      time: this.time,
      requestId: this.request.requestId,
      model: this.model.name,
      version: this.model.version,
      inputs: this.inputs,
      outputs,
      milliseconds: Math.round((performance.now() - this.started) * 1000) / 1000,
      outcome,
    };
    this.queue.push(JSON.stringify(entry));
  }
}

function records(tensors: readonly Tensor[], redaction: Redaction): TensorRecord[] {
  return tensors.map((tensor) => tensorRecord(tensor, redaction));
}
