import type { InferRequest } from "../dataplane/infer-request";
import type { Tensor } from "../dataplane/tensor";

/** What a step's model is asked: it waits, counts and is cancelled as the pipeline's request is. */
export class StepRequest implements InferRequest {
  constructor(
    private readonly whole: InferRequest,
    private readonly run: { readonly ended: boolean },
    readonly inputs: readonly Tensor[],
    readonly outputs: readonly string[],
    /** The step's own part of the request's trace. */
    readonly trace?: InferRequest["trace"],
  ) {}

  get parameters(): InferRequest["parameters"] {
    return this.whole.parameters;
  }

  get client(): string | undefined {
    return this.whole.client;
  }

  get priority(): number | undefined {
    return this.whole.priority;
  }

  get deadline(): number | undefined {
    return this.whole.deadline;
  }

  get requestId(): string | undefined {
    return this.whole.requestId;
  }

  get traceparent(): string | undefined {
    return this.whole.traceparent;
  }

  /** Also when another step has failed meanwhile: nobody waits for this one any more. */
  get cancelled(): boolean {
    return this.whole.cancelled === true || this.run.ended;
  }
}
