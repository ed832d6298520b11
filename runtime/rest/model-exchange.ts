import { resolveCounted } from "../dataplane/accounted";
import type { ByteShare } from "../dataplane/byte-budget";
import { freeInputs, freeParsed } from "../dataplane/free-inputs";
import type { InferRequest } from "../dataplane/infer-request";
import type { Scheduling } from "../dataplane/request-parameters";
import type { Tensor } from "../dataplane/tensor";
import { publicError } from "../errors";
import { hold, release } from "../models/registry-lease";
import type { Servable } from "../models/servable";
import type { RequestTrace } from "../tracing/request-trace";
import { BodyReader, type BodyConsumer } from "./body";
import { Exchange } from "./exchange";
import type { Incoming } from "./incoming";
import { inflate, requestEncoding } from "./inflate";
import { markedAsOutlier, type BodyRequest } from "./infer-request";
import type { Match } from "./routes";
import { releaseWhenGone } from "./unread-shares";

/** Bytes of an answer that a socket may hold without being accounted for: short ones leave at once, and are as many as connections. */
const MOST_UNACCOUNTED = 64 * 1024;

/** What the model gets of a request. */
class RunningRequest implements InferRequest {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[] | undefined;
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly priority: number | undefined;
  readonly deadline: number | undefined;
  outlier = false;

  constructor(
    { inputs, outputs, parameters }: BodyRequest,
    { priority, deadline }: Scheduling,
    readonly client: string | undefined,
    readonly trace: RequestTrace | undefined,
    readonly requestId: string,
    private readonly incoming: Incoming,
  ) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.parameters = parameters;
    this.priority = priority;
    this.deadline = deadline;
  }

  /** Looked up when it matters instead of being told by an event, for which every request would have to pay. */
  get cancelled(): boolean {
    return this.incoming.socket.destroyed;
  }

  get traceparent(): string | undefined {
    return textOf(this.incoming.headers["traceparent"]);
  }
}

/** A request that runs a model, from its headers to its answer. What differs between the endpoints is in subclasses. */
export abstract class ModelExchange<Request extends BodyRequest = BodyRequest>
  extends Exchange
  implements BodyConsumer
{
  private model: Servable | undefined;
  private loading: (() => Promise<Servable>) | undefined;
  /** The request's share of memory, from the arrival of its body to its answer; then the answer's, where that takes its time to leave. */
  protected share: ByteShare | undefined;
  /** `performance.now()` at which the body was there. */
  private started = 0;

  /** @throws ModelNotFound or ModelNotReady */
  override start(match: Match): void {
    const { options, request } = this;
    const resolved = resolveCounted(options, match.model, match.version);
    if (resolved instanceof Promise) {
      // It is awaited when the body is there, and found anew: it may have been unloaded again by then.
      resolved.catch(() => undefined);
      this.loading = () => resolved.then(() => options.dataPlane.resolve(match.model, match.version));
    } else this.take(resolved);
    this.started = performance.now();
    if (options.tracing !== undefined) this.beginTrace(match);
    this.share = options.budget.open();
    this.reader = BodyReader.read(request, options.maxBodyBytes, this.share, this);
  }

  bodyRead(body: Buffer): void {
    this.reader = undefined;
    this.started = performance.now();
    if (this.model !== undefined && this.request.headers["content-encoding"] === undefined) {
      this.run(this.model, body);
      return;
    }
    this.prepared(body).then(
      ([model, plain]) => this.run(model, plain),
      (error: unknown) => this.bodyFailed(error),
    );
  }

  bodyFailed(error: unknown): void {
    this.reader = undefined;
    this.fail(error);
  }

  /** What the body asks for. @throws 400 */
  protected abstract parse(body: Buffer, model: Servable): Request;

  /** Encodes and sends the answer. @returns its bytes */
  protected abstract answer(model: Servable, request: Request, outputs: readonly Tensor[]): number;

  /** Keeps a model that is replaced meanwhile from ending before it has answered. */
  private take(model: Servable): Servable {
    hold(model);
    return (this.model = model);
  }

  private letGo(): void {
    this.share!.release();
    if (this.model !== undefined) release(this.model);
  }

  /** A large answer may wait long for its client, and before that to be compressed. @param bytes of the answer */
  private letGoOfAnswered(model: Servable, bytes: number): void {
    const { response } = this;
    const { socket } = this.request;
    const share = this.share!;
    const waits = response.writableEnded
      ? response.writableLength > MOST_UNACCOUNTED
      : bytes > MOST_UNACCOUNTED;
    if (waits && !response.destroyed && !socket.destroyed) {
      share.holdAnswer(bytes);
      releaseWhenGone(share, response, socket);
    } else share.release();
    release(model);
  }

  private async prepared(body: Buffer): Promise<[Servable, Buffer]> {
    const encoding = requestEncoding(this.request.headers["content-encoding"]);
    const model = this.model ?? this.take(await this.loading!());
    if (encoding === undefined) return [model, body];
    return [model, await inflate(body, encoding, this.options.maxBodyBytes, this.share!)];
  }

  private run(model: Servable, body: Buffer): void {
    let request: Request;
    let outputs: Promise<Tensor[]>;
    try {
      request = this.parse(body, model);
      freeParsed(body, request.inputs);
      this.trace?.stage("parse", this.started, performance.now());
      const { client, trace, id } = this;
      const { dataPlane } = this.options;
      const scheduling = dataPlane.schedulingOf(request.parameters);
      const running = new RunningRequest(request, scheduling, client, trace, id, this.request);
      outputs = dataPlane.infer(model, running);
      if (running.outlier) request = markedAsOutlier(request);
    } catch (error) {
      this.fail(error);
      return;
    }
    outputs.then(
      (tensors) => this.succeed(model, request, tensors),
      (error: unknown) => this.fail(error),
    );
  }

  private succeed(model: Servable, request: Request, outputs: readonly Tensor[]): void {
    const computed = performance.now();
    let bytes: number;
    try {
      bytes = this.answer(model, request, outputs);
    } catch (error) {
      this.fail(error);
      return;
    }
    const answered = performance.now();
    model.metrics.serialised((answered - computed) / 1000);
    model.metrics.succeeded((answered - this.started) / 1000);
    this.letGoOfAnswered(model, bytes);
    freeInputs(model, request.inputs, outputs, true);
    if (this.trace !== undefined) {
      this.trace.stage("serialise", computed, answered);
      this.trace.end("OK");
    }
  }

  private fail(error: unknown): void {
    const { code } = publicError(error);
    if (this.model === undefined) this.options.metrics.unresolved(code);
    else this.model.metrics.failed(code, (performance.now() - this.started) / 1000);
    this.letGo();
    this.trace?.end(code);
    this.refuse(error);
  }

  private beginTrace({ model, version }: Match): void {
    const { traceparent, tracestate } = this.request.headers;
    this.trace = this.options.tracing!.begin({
      transport: "rest",
      requestId: this.id,
      startMs: this.started,
      model,
      version,
      traceparent: textOf(traceparent),
      tracestate: textOf(tracestate),
    });
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
