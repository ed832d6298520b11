import type { ByteShare } from "../dataplane/byte-budget";
import type { Tensor } from "../dataplane/tensor";
import { ERRORS, publicError } from "../errors";
import type { GrpcOptions } from "./grpc-options";
import { decodeInferRequest, type InferRequestMessage } from "./infer-request-message";
import { encodeStreamError, encodeStreamResponse, type InferAnswer } from "./infer-response-message";
import { booleanEntry, parameterValues } from "./parameters";
import { runInference, unresolved, type InferenceOutcome } from "./run-inference";
import type { Call, MessageSink } from "./transport/call";

/** Requests of one stream that are under way at a time; further ones wait in the client's window. */
const MOST_AHEAD = 64;

/** Asks for the mark that clients of models with many answers per request wait for; here each answer is the last. */
const WANTS_FINAL = "triton_enable_empty_final_response";
const FINAL = booleanEntry("triton_final_response", true);

/**
 * ModelStreamInfer: requests run concurrently, answers come in the order of the requests. A request that is refused is
 * answered with the reason, and the stream goes on.
 */
export class InferStream implements MessageSink {
  /** Requests that are not answered yet, in their order. */
  private readonly pending: StreamedRequest[] = [];
  private count = 0;
  private ended = false;
  private congested = false;

  constructor(
    private readonly options: GrpcOptions,
    private readonly call: Call,
  ) {
    call.onCancel = () => {
      for (const request of this.pending) request.release();
    };
    call.stream.on("drain", () => {
      this.congested = false;
      this.flush();
    });
  }

  message(bytes: Buffer): void {
    const request = new StreamedRequest(this.options, this.call, this.count++, () => this.flush());
    this.pending.push(request);
    if (this.pending.length >= MOST_AHEAD) this.call.pause();
    request.run(bytes);
  }

  end(): void {
    this.ended = true;
    this.flush();
  }

  private flush(): void {
    for (;;) {
      const frame = this.pending[0]?.frame;
      if (!frame || this.congested) break;
      this.pending.shift();
      this.congested = !this.call.send(frame);
    }
    if (this.pending.length === 0 && this.ended) this.call.finishStream();
    else if (this.pending.length < MOST_AHEAD) this.call.resume();
  }
}

/** One request of a stream, from its message to the frame that answers it. */
class StreamedRequest implements InferenceOutcome {
  frame: Buffer | undefined;
  private readonly share: ByteShare;
  private message: InferRequestMessage | undefined;

  constructor(
    private readonly options: GrpcOptions,
    private readonly call: Call,
    readonly place: number,
    private readonly settled: () => void,
  ) {
    this.share = options.budget.open();
  }

  run(bytes: Buffer): void {
    const started = performance.now();
    try {
      this.share.take(bytes.length);
      this.message = decodeInferRequest(bytes);
    } catch (error) {
      unresolved(this.options, error, this);
      return;
    }
    runInference(this.options, this.call, this.message, this.share, this, started);
  }

  /** The client has gone; what runs is told by the call itself. */
  release(): void {
    this.share.release();
  }

  answered(answer: InferAnswer, tensors: readonly Tensor[]): Buffer {
    const final = parameterValues(answer.parameters)?.[WANTS_FINAL] === true;
    const parameters = final ? [...answer.parameters, FINAL] : answer.parameters;
    return encodeStreamResponse({ ...answer, parameters }, tensors);
  }

  sent(frame: Buffer): void {
    this.share.release();
    const packed = this.call.packed(frame);
    if (Buffer.isBuffer(packed)) this.settle(packed);
    else packed.then((smaller) => this.settle(smaller)).catch((error: unknown) => this.call.refuse(error));
  }

  failed(error: unknown): void {
    const refusal = publicError(error);
    if (ERRORS[refusal.code].http === 500) {
      const { requestId } = this.call;
      this.options.log.error({ requestId, err: refusal.cause ?? refusal }, "a request of a stream failed");
    }
    this.sent(encodeStreamError(refusal.message, this.message?.id));
  }

  private settle(frame: Buffer): void {
    this.frame = frame;
    this.settled();
  }
}
