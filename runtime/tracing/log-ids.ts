import type { SpanIds } from "./request-trace";

/** What a log line of a request says of its trace, named as OpenTelemetry names it in logs that are not OTLP. */
export interface LoggedTrace {
  readonly trace_id: string;
  /** The request's own span where it is traced here, else the caller's. */
  readonly span_id: string;
}

/** A request as log lines name it. */
export interface LogIds extends Partial<LoggedTrace> {
  readonly requestId: string | undefined;
}

/** W3C Trace Context, level 1: later versions may add fields to the four. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/**
 * The trace that a request belongs to: its own span's, else its caller's `traceparent`, which is read only here: nobody pays for it
 * whose request is not logged.
 */
export function loggedTrace(trace: SpanIds | undefined, traceparent: unknown): LoggedTrace | undefined {
  if (trace !== undefined) return { trace_id: trace.traceId, span_id: trace.spanId };
  if (typeof traceparent !== "string") return undefined;
  const [, version, traceId, spanId, more] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || (version === "00" && more !== undefined)) {
    return undefined;
  }
  return { trace_id: traceId, span_id: spanId };
}

/** What log lines say of which request they are about. */
export function logIds(
  requestId: string | undefined,
  trace: SpanIds | undefined,
  traceparent: unknown,
): LogIds {
  return { requestId, ...loggedTrace(trace, traceparent) };
}
