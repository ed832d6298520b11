import type { Logger } from "pino";
import { loadKafka } from "../consumer/load-kafka";
import type { Metrics } from "../metrics/metrics";
import { DeliveryQueue, type PayloadSink } from "./delivery-queue";
import { PayloadLog } from "./payload-log";
import { payloadBroker, type PayloadOptions } from "./payload-options";
import { payloadTarget } from "./payload-target";
import { Redaction } from "./redaction";
import { RotatingFile } from "./rotating-file";
import { S3Sink } from "./s3-sink";

export type PayloadLogOptions = PayloadOptions & { readonly otlpEndpoint?: string };

/** The payload log where one is configured. @throws UsageError where its file cannot be written, or its credentials not be read */
export function createPayloadLog(
  options: PayloadLogOptions,
  metrics: Metrics,
  log: Logger,
): PayloadLog | undefined {
  const { payloadLog: target } = options;
  if (target === undefined) return undefined;
  const queue = new DeliveryQueue(sinkOf(target, options, log), {
    log,
    written: (count) => metrics.payloadEntries(count),
    dropped: (reason, count) => metrics.payloadsDropped(reason, count),
  });
  const redaction = new Redaction({
    redact: options.payloadRedact,
    maxElements: options.payloadMaxElements,
    text: options.payloadText,
  });
  return new PayloadLog(queue, redaction, options.payloadSampleRatio);
}

function sinkOf(given: string, options: PayloadLogOptions, log: Logger): PayloadSink {
  const target = payloadTarget(given);
  switch (target.kind) {
    case "file":
      return new RotatingFile(target.path, {
        maxBytes: options.payloadLogMaxBytes,
        files: options.payloadLogFiles,
        retentionMs: options.payloadRetention * 1000,
      });
    case "otlp": {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use: the SDK costs start-up time and memory
      const { OtlpSink } = require("./otlp-sink") as typeof import("./otlp-sink");
      return new OtlpSink(options.otlpEndpoint!);
    }
    case "kafka": {
      if (!options.payloadBrokerTls) log.warn("the connection to the payload log's broker is not encrypted");
      const { KafkaSink } = loadKafka();
      return new KafkaSink(target.brokers, target.topic, payloadBroker(options), log);
    }
    case "s3": {
      const { payloadS3Encryption: algorithm, payloadS3KmsKey: kmsKey } = options;
      return new S3Sink({
        bucket: target.bucket,
        prefix: target.prefix,
        flushBytes: options.payloadFlushBytes,
        flushMs: options.payloadFlushInterval * 1000,
        endpoint: options.payloadS3Endpoint,
        region: options.payloadS3Region,
        accessKeyFile: options.payloadS3AccessKeyFile,
        secretKeyFile: options.payloadS3SecretKeyFile,
        encryption: algorithm === "none" ? undefined : { algorithm, kmsKey },
      });
    }
  }
}
