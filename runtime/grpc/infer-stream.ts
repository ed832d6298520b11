import type { ByteShare } from "../dataplane/byte-budget";
import type { Tensor } from "../dataplane/tensor";
import { ERRORS, publicError, ServerError } from "../errors";
import type { GrpcOptions } from "./grpc-options";
import { decodeInferRequest, type InferRequestMessage } from "./infer-request-message";
import { encodeStreamError, encodeStreamResponse, type InferAnswer } from "./infer-response-message";
import { booleanEntry, parameterValues } from "./parameters";
import { requestIdOf, runInference, unresolved, type InferenceOutcome } from "./run-inference";
import { logIds } from "../tracing/log-ids";
import type { RequestTrace } from "../tracing/request-trace";
import type { Call, MessageSink } from "./transport/call";

/** Requests of one stream that are under way at a time; further ones wait in the client's window. */
const MOST_AHEAD = 64;

/** Bytes of answers that a stream may have waiting for their client before further requests wait. */
const MOST_UNREAD_BYTES = 1024 * 1024;

/** Asks for the mark that clients of models with many answers per request wait for; here each answer is the last. */
const WANTS_FINAL = "triton_enable_empty_final_response";
const FINAL = booleanEntry("triton_final_response", true);

/** Stands in answers of a server that shuts down: who goes on with a new stream, and ends this one, loses nothing. */
const RECONNECT = booleanEntry("slipway_reconnect", true);
/** Milliseconds without a request after which a stream of a server that shuts down is ended: nobody is likely to send just then. */
const IDLE_MS = 1_000;
const GONE =
  "The server is shutting down. Requests of this stream that have no answer were not run: send them again on a new one.";

/**
 * ModelStreamInfer: requests run concurrently, answers come in the order of the requests. A request that is refused is
 * answered with the reason, and the stream goes on.
 */
export class InferStream implements MessageSink {
  /** Requests that are not answered yet, in their order. */
  private readonly pending: StreamedRequest[] = [];
  private count = 0;
  private ended = false;
  /** The request whose answer filled the client's window; those behind it wait until it has left. */
  private leavingLast: StreamedRequest | undefined;
  /** Bytes of answers that wait. */
  private unread = 0;
  /** The server shuts down. */
  parting = false;
  private leaving = false;
  private lastMessage = performance.now();

  constructor(
    private readonly options: GrpcOptions,
    private readonly call: Call,
  ) {
    call.onCancel = () => {
      for (const request of this.pending) request.release();
      this.leavingLast?.release();
    };
    call.farewell = { announce: () => this.announce(), end: () => this.leave() };
    call.stream.on("drain", () => {
      this.leavingLast?.release();
      this.leavingLast = undefined;
      this.flush();
    });
  }

  message(bytes: Buffer): void {
    this.lastMessage = performance.now();
    const request = new StreamedRequest(this.options, this.call, this.count++, this);
    this.pending.push(request);
    if (this.isFull) this.call.pause();
    request.run(bytes);
  }

  end(): void {
    this.ended = true;
    this.flush();
  }

  /** From now on answers tell the client to go elsewhere; a stream that nobody uses is ended. */
  private announce(): void {
    this.parting = true;
    const timer = setInterval(() => {
      const idle = this.pending.length === 0 && performance.now() - this.lastMessage >= IDLE_MS;
      if (idle) this.leave();
      if (this.leaving || this.call.outcome !== undefined) clearInterval(timer);
    }, IDLE_MS / 10).unref();
  }

  private leave(): void {
    this.leaving = true;
    this.call.pause();
    // What has been read already still arrives.
    setImmediate(() => this.flush());
  }

  /** An answer is there. */
  settled(frame: Buffer): void {
    this.unread += frame.length;
    this.flush();
    if (this.isFull) this.call.pause();
  }

  private flush(): void {
    while (this.leavingLast === undefined) {
      const request = this.pending[0];
      const frame = request?.frame;
      if (frame === undefined) break;
      this.pending.shift();
      this.unread -= frame.length;
      if (this.call.send(frame)) request!.release();
      else this.leavingLast = request;
    }
    const done = this.pending.length === 0 && this.leavingLast === undefined;
    if (done && this.ended) this.call.finishStream();
    else if (this.leaving) {
      if (done) this.call.refuse(new ServerError("Draining", GONE));
    } else if (!this.isFull) this.call.resume();
  }

  private get isFull(): boolean {
    return this.pending.length >= MOST_AHEAD || this.unread >= MOST_UNREAD_BYTES;
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
    private readonly stream: InferStream,
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

  /** Its answer has left, or the client has gone; what runs is told by the call itself. */
  release(): void {
    this.share.release();
  }

  answered(answer: InferAnswer, tensors: readonly Tensor[]): Buffer {
    const final = parameterValues(answer.parameters)?.[WANTS_FINAL] === true;
    let { parameters } = answer;
    if (final) parameters = [...parameters, FINAL];
    if (this.stream.parting) parameters = [...parameters, RECONNECT];
    return encodeStreamResponse({ ...answer, parameters }, tensors);
  }

  sent(frame: Buffer): void {
    const packed = this.call.packed(frame);
    if (Buffer.isBuffer(packed)) {
      this.settle(packed);
      return;
    }
    this.hold(frame);
    packed.then((smaller) => this.settle(smaller)).catch((error: unknown) => this.call.refuse(error));
  }

  failed(error: unknown, trace?: RequestTrace): void {
    const refusal = publicError(error);
    if (ERRORS[refusal.code].http === 500) {
      const { call } = this;
      const ids = logIds(requestIdOf(call, this.place), trace, call.headers["traceparent"]);
      this.options.log.error({ ...ids, err: refusal.cause ?? refusal }, "a request of a stream failed");
    }
    this.sent(encodeStreamError(refusal.message, this.message?.id));
  }

  private settle(frame: Buffer): void {
    this.hold(frame);
    this.frame = frame;
    this.stream.settled(frame);
  }

  /** The client may take its time to read the answer: until it has left it counts in place of the request. */
  private hold(frame: Buffer): void {
    if (this.call.cancelled) this.share.release();
    else this.share.holdAnswer(frame.length);
  }
}
