import type { ByteShare } from "../dataplane/byte-budget";
import { sizeOfTensor } from "../dataplane/deferred-tensor";
import { freeInputs } from "../dataplane/free-inputs";
import type { InferRequest } from "../dataplane/infer-request";
import type { Scheduling } from "../dataplane/request-parameters";
import type { Tensor } from "../dataplane/tensor";
import { cancelled, publicError, ServerError } from "../errors";
import type { Servable } from "../models/servable";
import type { RequestTrace } from "../tracing/request-trace";
import type { GrpcOptions } from "./grpc-options";
import type { InferRequestMessage } from "./infer-request-message";
import type { InferAnswer } from "./infer-response-message";
import { inputTensors } from "./input-tensors";
import { requestedOutputs } from "./requested-outputs";
import { booleanEntry, parameterValues, type ParameterValues } from "./parameters";
import type { Call } from "./transport/call";

/** What the answer to an outlier says, where the model looks for them. */
const OUTLIER = booleanEntry("outlier", true);

/** What becomes of an inference: one of both is called, once. */
export interface InferenceOutcome {
  /** Which request of its stream it is, from 0; a call with one request has none. */
  readonly place?: number;
  /** Encodes the answer and sends it on its way. */
  answered(answer: InferAnswer, tensors: readonly Tensor[]): Buffer;
  sent(frame: Buffer): void;
  failed(error: unknown, trace?: RequestTrace): void;
}

/**
 * Finds the model and runs a request on it; counts and traces what becomes of it. Callbacks, not promises: what this
 * does in between is less work than awaiting it would be.
 * @param started `performance.now()` at which the message was there
 */
export function runInference(
  options: GrpcOptions,
  call: Call,
  message: InferRequestMessage,
  share: ByteShare,
  outcome: InferenceOutcome,
  started: number,
): void {
  let model: Servable | Promise<Servable>;
  try {
    model = options.dataPlane.resolve(message.modelName, message.modelVersion || undefined);
  } catch (error) {
    unresolved(options, error, outcome);
    return;
  }
  const inference = new Inference(options, call, message, share, outcome, started);
  if (model instanceof Promise) {
    model.then(
      (loaded) => {
        if (call.cancelled) unresolved(options, gone(call), outcome);
        else inference.run(loaded);
      },
      (error: unknown) => unresolved(options, error, outcome),
    );
  } else inference.run(model);
}

/** Who left while the model was being loaded has given its memory back, which nobody would do a second time. */
function gone({ outcome }: Call): ServerError {
  return outcome === undefined || outcome === "OK"
    ? cancelled()
    : new ServerError(outcome, "The client has gone.");
}

/** Requests that reach no model share one series. */
export function unresolved(
  options: GrpcOptions,
  error: unknown,
  outcome: Pick<InferenceOutcome, "failed">,
): void {
  options.metrics.unresolved(publicError(error).code);
  outcome.failed(error);
}

class Inference {
  private trace: RequestTrace | undefined;

  constructor(
    private readonly options: GrpcOptions,
    private readonly call: Call,
    private readonly message: InferRequestMessage,
    private readonly share: ByteShare,
    private readonly outcome: InferenceOutcome,
    private readonly started: number,
  ) {}

  run(model: Servable): void {
    const { options, call, message, share } = this;
    // Its truth must be able to name it.
    if (model.config.feedback !== undefined) call.tellsId = true;
    try {
      this.trace = options.tracing?.begin({
        transport: "grpc",
        requestId: requestIdOf(call, this.outcome.place),
        startMs: this.started,
        model: model.name,
        version: model.version,
        traceparent: call.headers["traceparent"] as string | undefined,
        tracestate: call.headers["tracestate"] as string | undefined,
      });
      if (this.outcome.place === undefined) call.trace = this.trace;
      const inputs = inputTensors(message, options.maxTensorElements);
      for (let i = 0; i < inputs.length; i++) share.take(sizeOfTensor(inputs[i]!));
      const parameters = parameterValues(message.parameters);
      const scheduling = parameters && options.dataPlane.schedulingOf(parameters);
      const outputs = requestedOutputs(message.outputs);
      const run = new RunningRequest(
        call,
        inputs,
        outputs,
        parameters,
        scheduling,
        this.trace,
        this.outcome.place,
      );
      this.trace?.stage("parse", this.started, performance.now());
      options.dataPlane.infer(model, run).then(
        (tensors) => this.answer(model, run, tensors),
        (error: unknown) => this.fail(model, error),
      );
    } catch (error) {
      this.fail(model, error);
    }
  }

  private answer(model: Servable, run: RunningRequest, tensors: readonly Tensor[]): void {
    const { message, outcome, trace } = this;
    try {
      const before = performance.now();
      const { name, version } = model;
      const parameters = run.outlier ? [...message.parameters, OUTLIER] : message.parameters;
      const frame = outcome.answered({ model: name, version, id: message.id, parameters }, tensors);
      const after = performance.now();
      outcome.sent(frame);
      model.metrics.serialised((after - before) / 1000);
      model.metrics.succeeded((after - this.started) / 1000);
      trace?.stage("serialise", before, after);
      trace?.end("OK");
      freeInputs(model, run.inputs, tensors, message.isAlone);
    } catch (error) {
      this.fail(model, error);
    }
  }

  private fail(model: Servable, error: unknown): void {
    const { code } = publicError(error);
    // A run that was given up because of the call's deadline ends as cancelled; the deadline is what happened.
    const { outcome } = this.call;
    const counted = code === "Cancelled" && outcome !== undefined && outcome !== "OK" ? outcome : code;
    model.metrics.failed(counted, (performance.now() - this.started) / 1000);
    this.trace?.end(counted);
    this.outcome.failed(error, this.trace);
  }
}

/** The requests of a stream have its id in common, and their places tell them apart. */
export function requestIdOf({ requestId }: Call, place: number | undefined): string {
  return place ? `${requestId}/${place}` : requestId;
}

/** What the data plane is handed; what few models ask for is looked up when they do. */
class RunningRequest implements InferRequest {
  readonly priority: number | undefined;
  readonly deadline: number | undefined;
  outlier = false;

  constructor(
    private readonly call: Call,
    readonly inputs: readonly Tensor[],
    readonly outputs: readonly string[] | undefined,
    readonly parameters: ParameterValues | undefined,
    scheduling: Scheduling | undefined,
    readonly trace: RequestTrace | undefined,
    private readonly place: number | undefined,
  ) {
    this.priority = scheduling?.priority;
    // Of the call's deadline and the request's own `timeout` the earlier counts.
    const earliest = Math.min(call.deadline, scheduling?.deadline ?? Infinity);
    this.deadline = earliest === Infinity ? undefined : earliest;
  }

  get client(): string {
    return this.call.client;
  }

  get requestId(): string {
    return requestIdOf(this.call, this.place);
  }

  get traceparent(): string | undefined {
    return this.call.headers["traceparent"] as string | undefined;
  }

  get cancelled(): boolean {
    return this.call.cancelled;
  }
}
