/** Traces with OpenTelemetry's SDK. Loaded only where an endpoint is configured; registers nothing globally. */
import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span,
  type SpanOptions,
  type Tracer,
} from "@opentelemetry/api";
import { ExportResultCode, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import type { Logger } from "pino";
import { ERRORS, type ErrorCode } from "../errors";
import { VERSION } from "../version";
import { ReceiverWatch, receiverOptions, serverResource } from "./otlp";
import type { RequestOrigin, RequestTrace, Stage, TracedRun, Tracing } from "./request-trace";

/** Milliseconds that closing waits for the last spans to be sent; a receiver that is down must not hold up the exit. */
const CLOSE_TIMEOUT_MS = 3000;

const propagator = new W3CTraceContextPropagator();
const getter = {
  get: (origin: RequestOrigin, key: string) =>
    key === "traceparent" ? origin.traceparent : key === "tracestate" ? origin.tracestate : undefined,
  keys: () => ["traceparent", "tracestate"],
};

export class OtelTracing implements Tracing {
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;

  constructor({ endpoint, ratio }: { endpoint: string; ratio: number }, log: Logger) {
    const options = receiverOptions(endpoint, "traces");
    const exporter = reporting(new OTLPTraceExporter(options), new ReceiverWatch(log, options.url, "spans"));
    this.provider = new BasicTracerProvider({
      resource: serverResource(),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      // Its queue is bounded (OTEL_BSP_MAX_QUEUE_SIZE): what cannot be sent in time is dropped.
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer("slipway", VERSION);
  }

  begin(origin: RequestOrigin): RequestTrace | undefined {
    const parent =
      origin.traceparent === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, origin, getter);
    const caller = trace.getSpanContext(parent);
    if (caller && isSpanContextValid(caller) && (caller.traceFlags & TraceFlags.SAMPLED) === 0) {
      return undefined;
    }
    const epoch = Date.now() - performance.now();
    const attributes = {
      "slipway.transport": origin.transport,
      "slipway.request_id": origin.requestId,
      "slipway.model": origin.model,
      "slipway.version": origin.version,
    };
    const startTime = epoch + (origin.startMs ?? performance.now());
    const span = this.tracer.startSpan("infer", { kind: SpanKind.SERVER, startTime, attributes }, parent);
    return span.isRecording() ? new OtelRequestTrace(this.tracer, span, parent, epoch) : undefined;
  }

  /** Sends what has not been sent yet, as far as that is quick. */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

class OtelRequestTrace implements RequestTrace {
  readonly traceId: string;
  readonly spanId: string;
  private readonly context: Context;

  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
    parent: Context,
    /** Milliseconds from 1970 to the origin of `performance.now()`. */
    private readonly epoch: number,
  ) {
    this.context = trace.setSpan(parent, span);
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
  }

  stage(stage: Stage, startMs: number, endMs: number): void {
    if (!this.span.isRecording()) return;
    this.part(stage, this.context, { startTime: startMs }).end(this.epoch + Math.max(startMs, endMs));
  }

  step(model: string): RequestTrace {
    const { tracer, context, epoch } = this;
    const span = this.part("step", context, {
      startTime: performance.now(),
      attributes: { "slipway.model": model },
    });
    return new OtelRequestTrace(tracer, span, context, epoch);
  }

  ran(run: TracedRun): void {
    const { epoch } = this;
    const links = run.members.map(linkTo);
    const attributes = {
      "slipway.model": run.model,
      "slipway.version": run.version,
      "slipway.batch.rows": run.rows,
      "slipway.batch.requests": run.requests,
    };
    const batch = this.part("batch", this.context, { startTime: run.startedMs, attributes, links });
    const inside = trace.setSpan(this.context, batch);
    const { assembledMs, endedMs, thread } = run;
    this.part("assemble", inside, { startTime: run.startedMs }).end(epoch + assembledMs);
    const inference = this.part("inference", inside, {
      startTime: assembledMs,
      attributes: { "thread.name": thread },
    });
    if (run.failed) {
      inference.setStatus({ code: SpanStatusCode.ERROR });
      batch.setStatus({ code: SpanStatusCode.ERROR });
    }
    inference.end(epoch + endedMs);
    batch.end(epoch + endedMs);
    // What the others waited for stands in their own traces too, and leads to the batch.
    const shared = { startTime: run.startedMs, attributes, links: [{ context: batch.spanContext() }] };
    for (const member of run.members) {
      if (member !== this && member instanceof OtelRequestTrace) member.shared(shared, run);
    }
  }

  end(outcome: "OK" | ErrorCode): void {
    const { span } = this;
    if (!span.isRecording()) return;
    if (outcome !== "OK") {
      span.setAttribute("error.type", outcome);
      // The client's mistakes leave a server's span as it is, as OpenTelemetry has it for HTTP.
      if (ERRORS[outcome].http >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    }
    span.end(this.epoch + performance.now());
  }

  private shared(options: SpanOptions & { startTime: number }, { endedMs, failed }: TracedRun): void {
    if (!this.span.isRecording()) return;
    const span = this.part("inference", this.context, options);
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(this.epoch + endedMs);
  }

  /** @param options with the start as `performance.now()` has it */
  private part(name: string, parent: Context, options: SpanOptions & { startTime: number }): Span {
    return this.tracer.startSpan(name, { ...options, startTime: this.epoch + options.startTime }, parent);
  }
}

function linkTo({ traceId, spanId }: RequestTrace): Link {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } };
}

/** An exporter that says in the log when its receiver fails. */
function reporting(exporter: SpanExporter, watch: ReceiverWatch): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code === ExportResultCode.SUCCESS) watch.succeeded();
        else watch.failed(result.error);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
