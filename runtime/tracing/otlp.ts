/** What everything that is sent by OTLP has in common. Loaded only where an endpoint is configured. */
import { readFileSync } from "node:fs";
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  type Resource,
} from "@opentelemetry/resources";
import type { Logger } from "pino";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";
import { VERSION } from "../version";

const SERVICE_NAME = "slipway";

/** Who sends; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before what is detected. */
export function serverResource(): Resource {
  const own = resourceFromAttributes({ "service.name": SERVICE_NAME, "service.version": VERSION });
  const detected = detectResources({ detectors: [hostDetector, serviceInstanceIdDetector] });
  return defaultResource()
    .merge(detected)
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
}

/** The receiver's address for one kind of signal, as OpenTelemetry derives it from a base URL. */
export function signalUrl(endpoint: string, signal: "traces" | "logs"): string {
  return `${endpoint.replace(/\/+$/, "")}/v1/${signal}`;
}

/** How a receiver is spoken to. */
export interface ReceiverOptions {
  readonly url: string;
  readonly httpAgentOptions?: { readonly ca: string; readonly keepAlive: true };
}

/**
 * Address and authority of the receiver of one kind of signal. OpenTelemetry's exporters over HTTP read the addresses of files with
 * certificates (`OTEL_EXPORTER_OTLP_CERTIFICATE`) no more, so it is done here.
 * @throws UsageError where the file cannot be read
 */
export function receiverOptions(endpoint: string, signal: "traces" | "logs"): ReceiverOptions {
  const url = signalUrl(endpoint, signal);
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_CERTIFICATE`;
  const variable = process.env[own] ? own : "OTEL_EXPORTER_OTLP_CERTIFICATE";
  const file = process.env[variable];
  if (!file) return { url };
  try {
    return { url, httpAgentOptions: { ca: readFileSync(file, "utf8"), keepAlive: true } };
  } catch (error) {
    throw new UsageError(
      `${variable} (${file}) cannot be read: ${messageOf(error)}; it must be a PEM file with the authority of the receiver's certificate.`,
    );
  }
}

/** Says once that a receiver fails, and once that it works again: an outage must not fill the log. */
export class ReceiverWatch {
  private failing = false;

  constructor(
    private readonly log: Logger,
    private readonly url: string,
    private readonly what: "spans" | "payload entries",
  ) {}

  failed(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    const cause = messageOf(error) || "no answer";
    this.log.warn({ url: this.url, cause }, `${this.what} cannot be sent; they are dropped until they can`);
  }

  succeeded(): void {
    if (!this.failing) return;
    this.failing = false;
    this.log.info({ url: this.url }, `${this.what} are sent again`);
  }
}
