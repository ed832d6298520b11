import type { InferRequest } from "../dataplane/infer-request";
import type { ModelSpec } from "../dataplane/model-spec";
import type { PayloadsConfig } from "../models/model-config-types";
import type { Tensor } from "../dataplane/tensor";
import { publicError, type ErrorCode } from "../errors";
import type { DeliveryQueue } from "./delivery-queue";
import { tensorRecord, type PayloadEntry, type TensorRecord } from "./payload-entry";
import type { Redaction } from "./redaction";

/** A model, as far as its payloads go. */
export interface LoggedModel {
  readonly name: string;
  readonly version: string;
  /** Says which inputs are the model's: others may be anything. */
  readonly spec: Pick<ModelSpec, "inputs">;
  readonly config?: { readonly payloads?: PayloadsConfig | false };
}

/** Writes down a sample of requests and their answers. */
export class PayloadLog {
  /** Of models that redact more than the server does; a loaded model has one configuration as long as it is loaded. */
  private readonly redactions = new WeakMap<PayloadsConfig, Redaction>();

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
  capture(model: LoggedModel, request: InferRequest): Capture | undefined {
    const payloads = model.config?.payloads;
    if (payloads === false || this.random() >= (payloads?.sampleRatio ?? this.ratio)) return undefined;
    return new Capture(this.queue, this.redactionOf(payloads), model, request);
  }

  private redactionOf(payloads: PayloadsConfig | undefined): Redaction {
    if (payloads?.redact === undefined) return this.redaction;
    let redaction = this.redactions.get(payloads);
    if (redaction === undefined) {
      redaction = this.redaction.beyond(payloads.redact);
      this.redactions.set(payloads, redaction);
    }
    return redaction;
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
    private readonly model: LoggedModel,
    private readonly request: InferRequest,
  ) {
    this.inputs = request.inputs.map((tensor) =>
      tensorRecord(tensor, redaction, redaction.hidesInput(tensor, model.spec)),
    );
  }

  /** Writes down what becomes of the request, and hands that on unchanged. */
  async settle(answer: Promise<Tensor[]>): Promise<Tensor[]> {
    try {
      const outputs = await answer;
      this.write(
        "OK",
        outputs.map((tensor) => tensorRecord(tensor, this.redaction)),
      );
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
