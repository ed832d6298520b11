import type { ErrorCode } from "../errors";

/** Where the time of a request goes; also the names of the spans. */
export type Stage = "parse" | "queue" | "assemble" | "compute" | "serialise";

/** The trace of one request; transports begin it, the model adds its stages. Times are `performance.now()`. */
export interface RequestTrace {
  stage(stage: Stage, startMs: number, endMs: number): void;
  end(outcome: "OK" | ErrorCode): void;
}

/** What a transport knows when a request comes in. */
export interface RequestOrigin {
  readonly transport: "rest" | "grpc";
  readonly requestId: string;
  /** `performance.now()` when the request came; now where it is left out. */
  readonly startMs?: number;
  readonly model: string;
  readonly version: string | undefined;
  /** W3C trace context, as the client sent it. */
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

/** Starts traces; undefined for a request that is not sampled. */
export interface Tracing {
  begin(origin: RequestOrigin): RequestTrace | undefined;
  close(): Promise<void>;
}
