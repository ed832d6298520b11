import type { RequestTrace } from "../tracing/request-trace";
import type { Tensor } from "./tensor";

/** One inference as the transports hand it in. */
export interface InferRequest {
  /** Their data belongs to the model from now on. */
  readonly inputs: readonly Tensor[];
  /** Outputs by name; all when left out. */
  readonly outputs?: readonly string[];
  /** The request's own parameters, as plain values; `priority` and `timeout` are taken from `scheduling`, not from here. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Whom the request is accounted to when clients compete: the principal's subject, else the peer's address. */
  readonly client?: string;
  /** 1 is served first; 0 or undefined means the model's default level. */
  readonly priority?: number;
  /** `performance.now()` from which on nobody wants the answer any more. */
  readonly deadline?: number;
  readonly trace?: RequestTrace;
  /** What the client calls the request, or what the server called it (`x-request-id`). */
  readonly requestId?: string;
  /** The client's W3C trace context as it came, for log lines. */
  readonly traceparent?: string;
  /** Set by the transport when its client has gone; rows of a cancelled request do not run. */
  cancelled?: boolean;
  /** Set while the request is handed in, where the model looks for outliers and this is one; its answer says so. */
  outlier?: boolean;
}
