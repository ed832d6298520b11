import type { ErrorCode } from "../errors";

/** Where the time of a request goes beside the run; also the names of the spans. */
export type Stage = "parse" | "queue" | "cache" | "serialise";

/** Ids of a span, lower-case hexadecimal. */
export interface SpanIds {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
}

/** The trace of one request; transports begin it, the model adds its stages. Times are `performance.now()`. */
export interface RequestTrace extends SpanIds {
  stage(stage: Stage, startMs: number, endMs: number): void;
  /** Begins a part with stages of its own: a step of a pipeline. */
  step(model: string): RequestTrace;
  /**
   * Adds the run that the request shared: a `batch` in this request's trace with links to all `members`, and to each other member
   * its share of it, with a link to the batch.
   */
  ran(run: TracedRun): void;
  end(outcome: "OK" | ErrorCode): void;
}

/** One run of a model. Times are `performance.now()`. */
export interface TracedRun {
  readonly model: string;
  readonly version: string;
  readonly rows: number;
  /** Requests in it, traced or not. */
  readonly requests: number;
  /** Those of them that are traced, of which the one that is told is the first. */
  readonly members: readonly RequestTrace[];
  /** Which kind of thread computed it. */
  readonly thread: "main" | "worker";
  readonly startedMs: number;
  /** When the tensors were joined and handed over. */
  readonly assembledMs: number;
  readonly endedMs: number;
  readonly failed: boolean;
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
