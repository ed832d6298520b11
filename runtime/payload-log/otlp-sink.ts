/** Sends payload entries as OTLP log records. Loaded only where that is configured. */
import { ExportResultCode } from "@opentelemetry/core";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { receiverOptions, serverResource } from "../tracing/otlp";
import { VERSION } from "../version";
import type { PayloadSink } from "./delivery-queue";

type LogRecord = Parameters<OTLPLogExporter["export"]>[0][number];

/** OpenTelemetry's number of INFO. */
const INFO = 9;

export class OtlpSink implements PayloadSink {
  private readonly exporter: OTLPLogExporter;
  private readonly resource = serverResource();

  constructor(endpoint: string) {
    this.exporter = new OTLPLogExporter(receiverOptions(endpoint, "logs"));
  }

  deliver(lines: readonly string[]): Promise<void> {
    const now = Date.now();
    const time: [number, number] = [Math.floor(now / 1000), (now % 1000) * 1_000_000];
    const records = lines.map((body): LogRecord => ({
      hrTime: time,
      hrTimeObserved: time,
      severityNumber: INFO,
      severityText: "INFO",
      body,
      eventName: "slipway.payload",
      attributes: {},
      droppedAttributesCount: 0,
      resource: this.resource,
      instrumentationScope: { name: "slipway", version: VERSION },
    }));
    return new Promise((resolve, reject) => {
      this.exporter.export(records, ({ code, error }) => {
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error("the receiver did not take them"));
      });
    });
  }

  close(): Promise<void> {
    return this.exporter.shutdown();
  }
}
