import type { Logger } from "pino";
import type { Tracing } from "./request-trace";

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver; nothing is traced without one. */
  readonly otlpEndpoint?: string;
  /** Share of the requests without a decision of their caller's that are traced, 0 to 1. */
  readonly traceSampleRatio: number;
}

/** Tracing with OpenTelemetry where an endpoint is configured. */
export function createTracing(options: TracingOptions, log: Logger): Tracing | undefined {
  const { otlpEndpoint: endpoint, traceSampleRatio: ratio } = options;
  if (endpoint === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use: the SDK costs start-up time and memory
  const { OtelTracing } = require("./otel-tracing") as typeof import("./otel-tracing");
  return new OtelTracing({ endpoint, ratio }, log);
}
