import assert from "node:assert/strict";
import pino from "pino";
import { resolveServerOptions } from "../../../runtime/options";
import { createTracing } from "../../../runtime/tracing/create-tracing";
import type { OtelTracing } from "../../../runtime/tracing/otel-tracing";
import type { RequestOrigin, Tracing } from "../../../runtime/tracing/request-trace";
import { attributesOf, OtlpReceiver } from "./otlp-receiver";

const silent = pino({ level: "silent" });
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";

function origin(traceparent?: string, tracestate?: string): RequestOrigin {
  return { transport: "rest", requestId: "r-1", model: "add", version: "3", traceparent, tracestate };
}

describe("createTracing", () => {
  let receiver: OtlpReceiver;
  let tracing: Tracing | undefined;

  beforeEach(async () => {
    receiver = await OtlpReceiver.start();
  });
  afterEach(async () => {
    await tracing?.close();
    tracing = undefined;
    await receiver.close();
  });

  const traced = (traceSampleRatio = 1, log = silent) =>
    (tracing = createTracing({ otlpEndpoint: receiver.url, traceSampleRatio }, log)!);

  it("gives nothing, and loads nothing, without an endpoint", () => {
    assert.equal(createTracing({ traceSampleRatio: 1 }, silent), undefined);
  });

  it("sends a span per request with its stages as children, in the caller's trace", async () => {
    const before = Date.now();
    const trace = traced().begin(origin(`00-${TRACE}-${CALLER}-01`, "vendor=x"))!;
    const now = performance.now();
    trace.stage("queue", now, now + 2);
    trace.stage("serialise", now + 2, now + 5.5);
    trace.end("OK");
    await tracing!.close();
    assert.deepEqual(
      receiver.bodies.map(({ path }) => path),
      ["/v1/traces"],
    );
    const [queue, serialise, server] = receiver.spans;
    assert.deepEqual([queue.name, serialise.name, server.name], ["queue", "serialise", "infer"]);
    assert.deepEqual(
      [server.traceId, server.parentSpanId, server.kind, server.traceState],
      [TRACE, CALLER, 2, "vendor=x"],
    );
    for (const child of [queue, serialise]) {
      assert.deepEqual([child.traceId, child.parentSpanId], [TRACE, server.spanId]);
    }
    assert.deepEqual(attributesOf(server), {
      "slipway.transport": "rest",
      "slipway.request_id": "r-1",
      "slipway.model": "add",
      "slipway.version": "3",
    });
    const ms = ({ startTimeUnixNano: a, endTimeUnixNano: b }: { [key: string]: string }) =>
      Number(BigInt(b!) - BigInt(a!)) / 1e6;
    assert.ok(Math.abs(ms(queue) - 2) < 0.01, `${ms(queue)}`);
    assert.ok(Math.abs(ms(serialise) - 3.5) < 0.01, `${ms(serialise)}`);
    assert.ok(Number(server.startTimeUnixNano) / 1e6 >= before - 2, "wall-clock time");
  });

  it("says who sends, with OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES first", async () => {
    process.env.OTEL_SERVICE_NAME = "fraud";
    process.env.OTEL_RESOURCE_ATTRIBUTES = "deployment.environment=test";
    try {
      traced().begin(origin())!.end("OK");
    } finally {
      delete process.env.OTEL_SERVICE_NAME;
      delete process.env.OTEL_RESOURCE_ATTRIBUTES;
    }
    await tracing!.close();
    const { resource } = receiver;
    assert.equal(resource["service.name"], "fraud");
    assert.equal(resource["deployment.environment"], "test");
    assert.match(resource["service.version"], /^\d+\.\d+\.\d+/);
    assert.ok(resource["service.instance.id"]);
  });

  it("is called slipway unless the environment says otherwise", async () => {
    traced().begin(origin())!.end("OK");
    await tracing!.close();
    assert.equal(receiver.resource["service.name"], "slipway");
  });

  it("marks the server's faults as errors, and clients' mistakes by their code only", async () => {
    traced().begin(origin())!.end("Internal");
    tracing!.begin(origin())!.end("InvalidArgument");
    await tracing!.close();
    const [fault, mistake] = receiver.spans;
    assert.deepEqual(fault.status, { code: 2, message: "Internal" });
    assert.deepEqual(mistake.status, { code: 0 });
    assert.equal(attributesOf(fault)["error.type"], "Internal");
    assert.equal(attributesOf(mistake)["error.type"], "InvalidArgument");
  });

  it("leaves out what the caller does not sample, whatever the ratio", () => {
    assert.equal(traced(1).begin(origin(`00-${TRACE}-${CALLER}-00`)), undefined);
  });

  it("follows a caller that samples, whatever the ratio", () => {
    traced(0);
    assert.equal(tracing!.begin(origin()), undefined);
    const trace = tracing!.begin(origin(`00-${TRACE}-${CALLER}-01`));
    assert.ok(trace);
    trace.end("OK");
  });

  it("takes a malformed traceparent for none", async () => {
    traced().begin(origin("00-zz-1"))!.end("OK");
    await tracing!.close();
    const [span] = receiver.spans;
    assert.match(span.traceId, /^[0-9a-f]{32}$/);
    assert.equal(span.parentSpanId ?? "", "");
  });

  it("ends a request once: later stages and outcomes are left alone", async () => {
    const trace = traced().begin(origin())!;
    trace.end("OK");
    trace.stage("queue", 1, 2);
    trace.end("Internal");
    await tracing!.close();
    assert.equal(receiver.spans.length, 1);
    assert.deepEqual(receiver.spans[0].status, { code: 0 });
  });

  it("drops what a receiver that is down does not take, and says so once", async () => {
    receiver.status = 400;
    const lines: { msg: string }[] = [];
    const log = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    traced(1, log);
    // Two full batches and a rest: every one of them fails, one line is logged.
    for (let i = 0; i < 1100; i++) tracing!.begin(origin())!.end("OK");
    await tracing!.close();
    assert.ok(receiver.bodies.length >= 2, `${receiver.bodies.length} bodies`);
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      ["spans cannot be sent; they are dropped until they can"],
    );
  });

  it("holds no more than its queue while the receiver hangs", async () => {
    let release = () => {};
    receiver.hold = new Promise((resolve) => (release = resolve));
    process.env.OTEL_BSP_MAX_QUEUE_SIZE = "100";
    traced();
    delete process.env.OTEL_BSP_MAX_QUEUE_SIZE;
    const arrived = receiver.next();
    for (let i = 0; i < 5000; i++) tracing!.begin(origin())!.end("OK");
    await arrived;
    for (let i = 0; i < 5000; i++) tracing!.begin(origin())!.end("OK");
    release();
    await tracing!.close();
    assert.ok(receiver.spans.length <= 300, `${receiver.spans.length} spans were held`);
  });

  it("does not hold up the exit while the receiver hangs", async () => {
    receiver.hold = new Promise(() => undefined);
    traced().begin(origin())!.end("OK");
    const started = performance.now();
    await (tracing as OtelTracing).close(20);
    tracing = undefined;
    assert.ok(performance.now() - started < 1000);
  });
});

describe("options of observability", () => {
  const refused: [object, string][] = [
    [
      { otlpEndpoint: "collector:4318" },
      "`--otlp-endpoint` (collector:4318) must be an address such as `http://collector:4318`, without a path to a signal.",
    ],
    [
      { otlpEndpoint: "http://collector:4318/v1/traces" },
      "`--otlp-endpoint` (http://collector:4318/v1/traces) must be an address such as `http://collector:4318`, without a path to a signal.",
    ],
    [{ payloadLog: "otlp" }, "`--payload-log otlp` needs `--otlp-endpoint`, the receiver to send to."],
    [{ traceSampleRatio: 1.5 }, "`--trace-sample-ratio` (1.5) must be a number from 0 to 1."],
    [{ payloadSampleRatio: -0.1 }, "`--payload-sample-ratio` (-0.1) must be a number from 0 to 1."],
  ];
  for (const [options, message] of refused) {
    it(`refuse ${JSON.stringify(options)}`, () =>
      assert.throws(() => resolveServerOptions({ modelRepository: "models", ...options }), { message }));
  }
});
