import type { RequestTrace } from "../../../runtime/tracing/request-trace";

/** A trace that does nothing but what is replaced. */
export function fakeTrace(replaced: Partial<RequestTrace> = {}): RequestTrace {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    stage: () => undefined,
    step: () => fakeTrace(),
    ran: () => undefined,
    end: () => undefined,
    ...replaced,
  };
}
