import type { Logger } from "pino";
import type { Metrics } from "../metrics/metrics";
import { DeliveryQueue, type PayloadSink } from "./delivery-queue";
import { PayloadLog } from "./payload-log";
import { RotatingFile } from "./rotating-file";

export interface PayloadLogOptions {
  /** A file, or `otlp`. */
  readonly payloadLog?: string;
  readonly payloadSampleRatio: number;
  readonly payloadRedact: readonly string[];
  readonly payloadMaxElements: number;
  readonly payloadText: boolean;
  readonly payloadLogMaxBytes: number;
  readonly otlpEndpoint?: string;
}

/** The payload log where one is configured. @throws UsageError where its file cannot be written */
export function createPayloadLog(
  options: PayloadLogOptions,
  metrics: Metrics,
  log: Logger,
): PayloadLog | undefined {
  const { payloadLog: target } = options;
  if (target === undefined) return undefined;
  const queue = new DeliveryQueue(sinkOf(target, options), {
    log,
    written: (count) => metrics.payloadEntries(count),
    dropped: (reason, count) => metrics.payloadsDropped(reason, count),
  });
  const redaction = {
    redact: options.payloadRedact,
    maxElements: options.payloadMaxElements,
    text: options.payloadText,
  };
  return new PayloadLog(queue, redaction, options.payloadSampleRatio);
}

function sinkOf(target: string, { otlpEndpoint, payloadLogMaxBytes }: PayloadLogOptions): PayloadSink {
  if (target !== "otlp") return new RotatingFile(target, payloadLogMaxBytes);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use: the SDK costs start-up time and memory
  const { OtlpSink } = require("./otlp-sink") as typeof import("./otlp-sink");
  return new OtlpSink(otlpEndpoint!);
}
