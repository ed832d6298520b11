import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { ServerError } from "../../../runtime/errors";
import { Metrics } from "../../../runtime/metrics/metrics";
import { createPayloadLog, type PayloadLogOptions } from "../../../runtime/payload-log/create-payload-log";
import { DeliveryQueue } from "../../../runtime/payload-log/delivery-queue";
import { PayloadLog } from "../../../runtime/payload-log/payload-log";
import type { PayloadEntry } from "../../../runtime/payload-log/payload-entry";
import { modelFolder } from "../support/model-folder";
import { attributesOf, OtlpReceiver } from "../tracing/otlp-receiver";

const silent = pino({ level: "silent" });
const model = { name: "add", version: "3" };
const fp32 = (name: string, ...data: number[]) => ({
  name,
  datatype: "FP32" as const,
  shape: [data.length],
  data: Float32Array.from(data),
});
const options: PayloadLogOptions = {
  payloadSampleRatio: 1,
  payloadRedact: ["b"],
  payloadMaxElements: 2,
  payloadText: false,
  payloadLogMaxBytes: 65536,
};

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
    const log = new PayloadLog(queue, { redact: [], maxElements: 1, text: false }, 0.25, () =>
      draws.shift()!,
    );
    const taken = [1, 2, 3, 4].map(() => log.capture(model, { inputs: [] }) !== undefined);
    assert.deepEqual(taken, [true, true, false, false]);
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
