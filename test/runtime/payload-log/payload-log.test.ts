import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import { ServerError } from "../../../runtime/errors";
import { Metrics } from "../../../runtime/metrics/metrics";
import { createPayloadLog, type PayloadLogOptions } from "../../../runtime/payload-log/create-payload-log";
import { DeliveryQueue } from "../../../runtime/payload-log/delivery-queue";
import { PayloadLog } from "../../../runtime/payload-log/payload-log";
import type { PayloadEntry } from "../../../runtime/payload-log/payload-entry";
import { resolveServerOptions } from "../../../runtime/options";
import { Redaction } from "../../../runtime/payload-log/redaction";
import type { PayloadsConfig } from "../../../runtime/models/model-config-types";
import { modelFolder } from "../support/model-folder";
import { attributesOf, OtlpReceiver } from "../tracing/otlp-receiver";

const silent = pino({ level: "silent" });
const spec = {
  inputs: ["a", "b", "c"].map((name) => ({ name, datatype: "FP32" as const, shape: [-1] })),
};
const model = { name: "add", version: "3", spec };
const fp32 = (name: string, ...data: number[]) => ({
  name,
  datatype: "FP32" as const,
  shape: [data.length],
  data: Float32Array.from(data),
});
const options: PayloadLogOptions = resolveServerOptions({
  modelRepository: "models",
  payloadSampleRatio: 1,
  payloadRedact: ["b"],
  payloadMaxElements: 2,
});

describe("the payload log", () => {
  it("is not there unless configured", () =>
    assert.equal(createPayloadLog(options, new Metrics(() => true), silent), undefined));

  it("holds a request as it was before its buffers moved, its answer and its outcome", async () => {
    const path = join(modelFolder({}), "payloads.jsonl");
    const metrics = new Metrics(() => true);
    const log = createPayloadLog({ ...options, payloadLog: path }, metrics, silent)!;
    const inputs = [fp32("a", 1, 2, 3), fp32("b", 4)];
    const sha256 = createHash("sha256")
      .update(Float32Array.of(1, 2, 3))
      .digest("hex");
    const capture = log.capture(model, { inputs, requestId: "r-1" })!;
    structuredClone(inputs[0]!.data.buffer, { transfer: [inputs[0]!.data.buffer] });
    const outputs = [fp32("sum", 5)];
    assert.equal(await capture.settle(Promise.resolve(outputs)), outputs);
    const refusal = new ServerError("QueueFull", "Full.");
    const second = log.capture(model, { inputs: [fp32("a", 9)] })!;
    await assert.rejects(second.settle(Promise.reject(refusal)), refusal);
    await log.close();
    const [first, failed] = readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as PayloadEntry) as [PayloadEntry, PayloadEntry];
    const { time, milliseconds, ...entry } = first;
    assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.ok(milliseconds >= 0);
    assert.deepEqual(entry, {
      requestId: "r-1",
      model: "add",
      version: "3",
      inputs: [
        {
          name: "a",
          datatype: "FP32",
          shape: [3],
          values: [1, 2],
          sha256,
        },
        { name: "b", datatype: "FP32", shape: [1], redacted: true },
      ],
      outputs: [{ name: "sum", datatype: "FP32", shape: [1], values: [5], sha256: first.outputs[0]!.sha256 }],
      outcome: "OK",
    });
    assert.deepEqual([failed.outcome, failed.outputs, failed.inputs[0]!.values], ["QueueFull", [], [9]]);
    assert.match(await metrics.registry.metrics(), /^slipway_payload_log_entries_total 2$/m);
  });

  it("takes the share of requests that it is told to", () => {
    const queue = new DeliveryQueue(
      { deliver: async () => {}, close: async () => {} },
      {
        log: silent,
        dropped: () => undefined,
        written: () => undefined,
      },
    );
    const draws = [0, 0.24, 0.25, 0.9];
    const log = new PayloadLog(queue, new Redaction({ redact: [], maxElements: 1, text: false }), 0.25, () =>
      draws.shift()!,
    );
    const taken = [1, 2, 3, 4].map(() => log.capture(model, { inputs: [] }) !== undefined);
    assert.deepEqual(taken, [true, true, false, false]);
  });

  it("does with a model's payloads as its model.json says, and redacts what the server does as well", async () => {
    const lines: string[] = [];
    const queue = new DeliveryQueue(
      { deliver: async (given) => void lines.push(...given), close: async () => {} },
      { log: silent, dropped: () => undefined, written: () => undefined },
    );
    const redaction = new Redaction({ redact: ["b"], maxElements: 3, text: false });
    const log = new PayloadLog(queue, redaction, 0.5, () => 0.7);
    const of = (payloads: PayloadsConfig | false | undefined) => ({ ...model, config: { payloads } });
    const request = { inputs: [fp32("a", 1, 2), fp32("b", 3), fp32("c", 4)] };
    for (const payloads of [undefined, false as const, { sampleRatio: 0.7 }, { redact: ["a"] }])
      assert.equal(log.capture(of(payloads), request), undefined, JSON.stringify(payloads));
    const own = { sampleRatio: 1, redact: ["a[1]", "c"] };
    for (let i = 0; i < 2; i++) await log.capture(of(own), request)!.settle(Promise.resolve([fp32("c", 5)]));
    await log.close();
    const entries = lines.map((line) => JSON.parse(line) as PayloadEntry);
    assert.equal(entries.length, 2);
    for (const { inputs, outputs } of entries) {
      assert.deepEqual(inputs[0]!.values, [1, null]);
      assert.deepEqual(
        [...inputs.slice(1), ...outputs].map(({ redacted }) => redacted),
        [true, true, true],
      );
    }
  });

  it("keeps no value that redaction is to keep out, also of a request that the model refuses", async () => {
    const lines: string[] = [];
    const queue = new DeliveryQueue(
      { deliver: async (given) => void lines.push(...given), close: async () => {} },
      { log: silent, dropped: () => undefined, written: () => undefined },
    );
    const rows = { name: "rows", datatype: "FP32" as const, shape: [-1, 2] };
    const strict = { ...model, spec: { inputs: [...spec.inputs, rows] } };
    const refuse = () => Promise.reject(new ServerError("InvalidArgument", "No."));
    const values = async (redact: string[], ...inputs: InferRequest["inputs"]) => {
      const log = new PayloadLog(queue, new Redaction({ redact, maxElements: 9, text: true }), 1);
      await assert.rejects(log.capture(strict, { inputs })!.settle(refuse()));
      await new Promise(setImmediate);
      const { inputs: records } = JSON.parse(lines.at(-1)!) as PayloadEntry;
      return records.map((record) => (record.redacted ? "redacted" : record.values));
    };
    const reshaped = (shape: number[], data = [1, 2, 3, 4]) => ({
      ...rows,
      shape,
      data: Float32Array.from(data),
    });
    const bytes = {
      ...rows,
      datatype: "UINT8" as const,
      shape: [4, 2],
      data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    };
    const both = ["b", "rows[1]"];
    assert.deepEqual(await values(both, fp32("B", 7), fp32("b", 7), fp32("a", 7)), [
      "redacted",
      "redacted",
      [7],
    ]);
    assert.deepEqual(await values(both, reshaped([2, 2])), [[1, null, 3, null]]);
    for (const shape of [[4, 1], [1, 4], [4], [1, 2, 2], []])
      assert.deepEqual(await values(both, reshaped(shape)), ["redacted"], String(shape));
    assert.deepEqual(await values(both, bytes), ["redacted"]);
    assert.deepEqual(await values(["b"], reshaped([4, 1])), [[1, 2, 3, 4]]);
    assert.deepEqual(await values([], fp32("B", 7), reshaped([4, 1])), [[7], [1, 2, 3, 4]]);
  });

  it("counts what it drops, by reason", async () => {
    const metrics = new Metrics(() => true);
    metrics.payloadsDropped("queue", 2);
    metrics.payloadsDropped("sink", 1);
    const text = await metrics.registry.metrics();
    assert.match(text, /^slipway_payload_log_dropped_total\{reason="queue"\} 2$/m);
    assert.match(text, /^slipway_payload_log_dropped_total\{reason="sink"\} 1$/m);
  });

  describe("over OTLP", () => {
    let receiver: OtlpReceiver;
    beforeEach(async () => {
      receiver = await OtlpReceiver.start();
    });
    afterEach(() => receiver.close());

    const logTo = (metrics: Metrics) =>
      createPayloadLog({ ...options, payloadLog: "otlp", otlpEndpoint: receiver.url }, metrics, silent)!;

    it("sends each entry as a log record", async () => {
      const log = logTo(new Metrics(() => true));
      await log.capture(model, { inputs: [fp32("a", 1)] })!.settle(Promise.resolve([]));
      await log.close();
      assert.equal(receiver.bodies[0]!.path, "/v1/logs");
      const [record] = receiver.logs;
      assert.deepEqual([record.severityText, record.eventName], ["INFO", "slipway.payload"]);
      const entry = JSON.parse(record.body.stringValue) as PayloadEntry;
      assert.deepEqual([entry.model, entry.inputs[0]!.values], ["add", [1]]);
      assert.equal(receiver.resource["service.name"], "slipway");
      assert.ok(attributesOf(record));
    });

    it("drops and counts what the receiver does not take", async () => {
      receiver.status = 400;
      const metrics = new Metrics(() => true);
      const log = logTo(metrics);
      await log.capture(model, { inputs: [] })!.settle(Promise.resolve([]));
      await log.close();
      assert.match(
        await metrics.registry.metrics(),
        /^slipway_payload_log_dropped_total\{reason="sink"\} 1$/m,
      );
    });
  });
});
