import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { PayloadEntry } from "../../../runtime/payload-log/payload-entry";
import { addModel } from "../../support/onnx-model";
import { grpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";
import { attributesOf, OtlpReceiver } from "./otlp-receiver";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const REST_CALLER = "b7ad6b7169203331";
const GRPC_CALLER = "00f067aa0ba902b7";

const tensor = (name: string, data: number[]) => ({ name, datatype: "FP32", shape: [1, 2], data });
const grpcTensor = (name: string, data: number[]) => ({
  name,
  datatype: "FP32",
  shape: [1, 2],
  contents: { fp32_contents: data },
});

interface AccessLine {
  msg: string;
  transport: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  requestId: string;
  trace_id: string;
  span_id: string;
}

describe("a server that is observed", () => {
  const files = { "add/1/model.onnx": addModel("float32", ["n", 2]) };
  const inputs = [tensor("a", [1, 2]), tensor("b", [3, 4])];
  let receiver: OtlpReceiver;
  let access: AccessLine[];
  let payloads: PayloadEntry[];
  let metrics: string;
  let server: RunningServer;

  before(async () => {
    receiver = await OtlpReceiver.start();
    const lines: AccessLine[] = [];
    const log = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const payloadLog = join(modelFolder({}), "payloads.jsonl");
    server = await RunningServer.start(
      modelFolder(files),
      {
        otlpEndpoint: receiver.url,
        payloadLog,
        payloadSampleRatio: 1,
        payloadRedact: ["b"],
        accessLog: true,
        tritonMetrics: true,
      },
      { log },
    );
    const infer = (headers: Record<string, string>, body: unknown) =>
      server.call("POST", "/v2/models/add/infer?token=secret", body, headers);
    const traced = { "x-request-id": "rest-1", traceparent: `00-${TRACE}-${REST_CALLER}-01` };
    assert.equal((await infer(traced, { inputs })).status, 200);
    await infer({ traceparent: `00-${TRACE}-${REST_CALLER}-00`, "x-request-id": "rest-2" }, { inputs });
    await infer({ ...traced, "x-request-id": "rest-3" }, { inputs: [inputs[0]] });
    const client = grpcClient(server.grpcAddress);
    await client.call(
      "ModelInfer",
      { model_name: "add", inputs: [grpcTensor("a", [1, 2]), grpcTensor("b", [3, 4])] },
      undefined,
      { traceparent: `00-${TRACE}-${GRPC_CALLER}-01`, "x-request-id": "grpc-1" },
    );
    client.close();
    // Payloads are written behind the answers.
    const written = performance.now() + 5000;
    do metrics = await server.metrics();
    while (!metrics.includes("\nslipway_payload_log_entries_total 4\n") && performance.now() < written);
    await server.close();
    access = lines.filter(({ msg }) => msg === "access");
    payloads = readFileSync(payloadLog, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as PayloadEntry);
  });
  after(async () => {
    await server?.close();
    await receiver.close();
  });

  for (const [transport, caller] of [
    ["rest", REST_CALLER],
    ["grpc", GRPC_CALLER],
  ] as const) {
    it(`traces a request over ${transport} from parsing to serialising, in its caller's trace`, () => {
      const whole = receiver.spans.find(
        (span) => attributesOf(span)["slipway.request_id"] === `${transport}-1`,
      );
      assert.deepEqual([whole.traceId, whole.parentSpanId], [TRACE, caller]);
      const stages = receiver.spans.filter(({ parentSpanId }) => parentSpanId === whole.spanId);
      assert.deepEqual(
        stages
          .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
          .map(({ name }) => name),
        ["parse", "queue", "batch", "serialise"],
      );
      for (const { name, startTimeUnixNano: start, endTimeUnixNano: end } of stages) {
        assert.ok(BigInt(start) >= BigInt(whole.startTimeUnixNano), `${name} begins within the request`);
        assert.ok(BigInt(end) <= BigInt(whole.endTimeUnixNano), `${name} ends within the request`);
      }
    });
  }

  it("does not trace what the caller does not sample, and marks a refused request", () => {
    const ids = receiver.spans.map((span) => attributesOf(span)["slipway.request_id"]).filter(Boolean);
    assert.deepEqual(ids.sort(), ["grpc-1", "rest-1", "rest-3"]);
    const refused = receiver.spans.find((span) => attributesOf(span)["slipway.request_id"] === "rest-3");
    assert.equal(attributesOf(refused)["error.type"], "InvalidArgument");
  });

  it("writes down requests with ids, values and outcomes, without what is redacted", () => {
    assert.deepEqual(
      payloads.map(({ requestId, outcome }) => [requestId, outcome]),
      [
        ["rest-1", "OK"],
        ["rest-2", "OK"],
        ["rest-3", "InvalidArgument"],
        ["grpc-1", "OK"],
      ],
    );
    for (const { inputs: given, outputs, model, version } of [payloads[0]!, payloads[3]!]) {
      assert.deepEqual([model, version], ["add", "1"]);
      assert.deepEqual(given[0]!.values, [1, 2]);
      assert.deepEqual(given[1], { name: "b", datatype: "FP32", shape: [1, 2], redacted: true });
      assert.deepEqual(
        outputs.map(({ name, values }) => [name, values]),
        [
          ["sum", [4, 6]],
          ["copy", [1, 2]],
        ],
      );
    }
  });

  it("logs each request in a line, without its query", () => {
    assert.deepEqual(
      access.map(({ transport, method, path, status, requestId }) => [
        transport,
        method,
        path,
        status,
        requestId,
      ]),
      [
        ["rest", "POST", "/v2/models/add/infer", 200, "rest-1"],
        ["rest", "POST", "/v2/models/add/infer", 200, "rest-2"],
        ["rest", "POST", "/v2/models/add/infer", 400, "rest-3"],
        ["grpc", "POST", "/inference.GRPCInferenceService/ModelInfer", 0, "grpc-1"],
      ],
    );
    for (const { ms } of access) assert.ok(ms > 0 && ms < 10_000, `${ms}`);
  });

  it("logs the trace: its own span of what it traces, else the caller's", () => {
    const own = (id: string): string =>
      receiver.spans.find((span) => attributesOf(span)["slipway.request_id"] === id).spanId;
    assert.deepEqual(
      access.map(({ trace_id, span_id }) => [trace_id, span_id]),
      [
        [TRACE, own("rest-1")],
        [TRACE, REST_CALLER],
        [TRACE, own("rest-3")],
        [TRACE, own("grpc-1")],
      ],
    );
  });

  it("counts the same under both sets of names", () => {
    const at = '{model="add",version="1"}';
    for (const line of [
      'slipway_inference_requests_total{model="add",version="1",code="OK"} 3',
      'slipway_inference_requests_total{model="add",version="1",code="InvalidArgument"} 1',
      `slipway_inference_request_duration_seconds_count${at} 4`,
      `slipway_inference_queue_duration_seconds_count${at} 3`,
      `slipway_inference_assembly_duration_seconds_count${at} 3`,
      `slipway_inference_compute_duration_seconds_count${at} 3`,
      `slipway_inference_serialisation_duration_seconds_count${at} 3`,
      `slipway_inference_batch_size_count${at} 3`,
      "slipway_payload_log_entries_total 4",
      `nv_inference_request_success${at} 3`,
      `nv_inference_count${at} 3`,
      `nv_inference_exec_count${at} 3`,
      'nv_inference_request_failure{model="add",version="1",reason="OTHER"} 1',
    ]) {
      assert.ok(
        metrics.split("\n").includes(line),
        `${line}\nis not in\n${metrics.replace(/^(#|nodejs|process).*\n/gm, "")}`,
      );
    }
  });
});
