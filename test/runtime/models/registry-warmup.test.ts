import assert from "node:assert/strict";
import { mock } from "node:test";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import type { ModelSpec } from "../../../runtime/dataplane/model-spec";
import { InlineLane } from "../../../runtime/models/inline-lane";
import type { WarmupConfig } from "../../../runtime/models/model-config-types";
import type { Servable } from "../../../runtime/models/servable";
import { warmUp } from "../../../runtime/models/warmup";
import { warmupTensors } from "../../../runtime/models/warmup-tensors";
import { onnxModel } from "../../support/onnx-model";
import { load, started } from "./served-model.support";

const spec: ModelSpec = {
  inputs: [
    { name: "x", datatype: "FP32", shape: [-1, 2] },
    { name: "id", datatype: "INT64", shape: [1] },
    { name: "text", datatype: "BYTES", shape: [-1] },
    { name: "flag", datatype: "BOOL", shape: [1] },
    { name: "half", datatype: "FP16", shape: [1] },
    { name: "small", datatype: "INT8", shape: [1] },
  ],
  outputs: [],
};

const dataOf = (warmup: WarmupConfig, random?: () => number) =>
  Object.fromEntries(warmupTensors(warmup, spec, random).map(({ name, data }) => [name, data]));

describe("warmupTensors", () => {
  it("are zeros of the model's shape, with 1 for free dimensions", () => {
    const tensors = warmupTensors({}, spec);
    assert.deepEqual(tensors[0], { name: "x", datatype: "FP32", shape: [1, 2], data: new Float32Array(2) });
    assert.deepEqual(tensors[1]!.data, new BigInt64Array(1));
    assert.deepEqual(tensors[2], { name: "text", datatype: "BYTES", shape: [1], data: [""] });
  });

  it("are random where asked for: floats below 1, integers 0 or 1", () => {
    const random = Object.fromEntries(spec.inputs.map(({ name }) => [name, { data: "random" as const }]));
    assert.deepEqual(
      dataOf({ inputs: random }, () => 0.5),
      {
        x: new Float32Array([0.5, 0.5]),
        id: new BigInt64Array([1n]),
        text: [""],
        flag: new Uint8Array([1]),
        half: new Uint16Array([0x3800]),
        small: new Int8Array([1]),
      },
    );
  });

  it("are the values that are listed", () => {
    const inputs = {
      x: { shape: [2, 2], data: [1, 2, 3, 4] },
      id: { data: ["9007199254740993"] },
      text: { data: ["a"] },
      flag: { data: [true] },
      half: { data: [1] },
      small: { data: [-128] },
    };
    assert.deepEqual(dataOf({ inputs }), {
      x: new Float32Array([1, 2, 3, 4]),
      id: new BigInt64Array([9007199254740993n]),
      text: ["a"],
      flag: new Uint8Array([1]),
      half: new Uint16Array([0x3c00]),
      small: new Int8Array([-128]),
    });
  });

  const refused: [NonNullable<WarmupConfig["inputs"]>, string][] = [
    [
      { y: {} },
      "`warmup.inputs` in `model.json` has `y`, but the model takes `x`, `id`, `text`, `flag`, `half`, `small`.",
    ],
    [{ x: { data: [1] } }, "`warmup.inputs.x.data` in `model.json` has 1 values, but its shape has 2."],
    [{ x: { data: [1, "2"] } }, "`warmup.inputs.x.data` in `model.json` holds 2, which is not a FP32 value."],
    [
      { small: { data: [128] } },
      "`warmup.inputs.small.data` in `model.json` holds 128, which is not a INT8 value.",
    ],
    [
      { id: { data: ["9223372036854775808"] } },
      "`warmup.inputs.id.data` in `model.json` holds 9223372036854775808, which is not a INT64 value.",
    ],
    [
      { flag: { data: [1] } },
      "`warmup.inputs.flag.data` in `model.json` holds 1, which is not a BOOL value.",
    ],
  ];
  for (const [inputs, message] of refused) {
    it(`refuse ${JSON.stringify(inputs)}`, () =>
      assert.throws(() => warmupTensors({ inputs }, spec), { message }));
  }
});

describe("warmUp", () => {
  /** A model that counts its requests and fails from one of them on. */
  function model(warmup: WarmupConfig | undefined, failing = Infinity) {
    const requests: InferRequest[] = [];
    const servable = {
      spec,
      config: { sha256: {}, warmup },
      infer: async (request: InferRequest) => {
        requests.push(request);
        if (requests.length >= failing) throw new Error("`x` does not suit it.");
        return [];
      },
    } as unknown as Servable;
    return { servable, requests };
  }

  it("runs nothing unless it is asked to", async () => {
    const { servable, requests } = model(undefined);
    await warmUp(servable);
    assert.equal(requests.length, 0);
  });

  it("runs one request of zeros for an empty object", async () => {
    const { servable, requests } = model({});
    await warmUp(servable);
    assert.deepEqual(requests, [{ inputs: warmupTensors({}, spec) }]);
  });

  it("runs as often as it is told", async () => {
    const { servable, requests } = model({ count: 3 });
    await warmUp(servable);
    assert.equal(requests.length, 3);
  });

  it("reaches every worker each time, past cache and counts", async () => {
    const config = { instances: 2, cache: { maxBytes: 10_000 }, warmup: { count: 3 } };
    const { model: served, workers, metrics } = await load(config, { instances: 2 });
    const warm = warmUp(served);
    const runs = [0, 0];
    for (let round = 1; round <= 3; round++) {
      for (const [i, worker] of workers.entries()) {
        await started(worker);
        runs[i]! += worker.runs.length;
        worker.answer();
      }
    }
    await warm;
    assert.deepEqual(runs, [3, 3]);
    assert.deepEqual([metrics.hits, metrics.misses, metrics.costs, metrics.queuedCount], [0, 0, [], 0]);
    await served.close();
  });

  it("reaches the worker and the main thread where the model runs on both", async () => {
    const bytes = onnxModel(
      ["double", "copy"].map((name) => ({ op: "Identity", inputs: ["x"], outputs: [name] })),
      [{ name: "x", type: "float32", shape: ["rows", "width"] }],
      ["double", "copy"].map((name) => ({ name, type: "float32" as const, shape: ["rows", "width"] })),
    );
    const run = mock.method(InlineLane.prototype, "run");
    const { model: served, workers } = await load(
      { warmup: {} },
      {},
      { inline: { bytes, rowMs: 0.01, moreMs: 0.01 } },
    );
    const warm = warmUp(served);
    await started(workers[0]!);
    workers[0]!.answer();
    await warm;
    assert.equal(run.mock.callCount(), 1);
    run.mock.restore();
    await served.close();
  });

  it("starts no run where there are no inputs for one of them", async () => {
    const { model: served, workers } = await load({ instances: 2 }, { instances: 2 });
    let made = 0;
    const warm = served.warm(() => {
      if (++made === 2) throw new Error("There are no more.");
      return [{ name: "x", datatype: "FP32", shape: [1, 1], data: new Float32Array(1) }];
    });
    await assert.rejects(warm, /There are no more/);
    assert.deepEqual(
      workers.map(({ runs }) => runs.length),
      [0, 0],
    );
    await served.close();
  });

  it("says what a client would be told where a worker refuses it", async () => {
    const { model: served, workers } = await load({ warmup: {} });
    const warm = warmUp(served);
    await started(workers[0]!);
    workers[0]!.refuse("invalid dimensions");
    await assert.rejects(warm, {
      name: "LoadFailure",
      message:
        "The warm-up request 1 of 1 failed: Model `m` cannot run on these inputs: `x` [1, 1]; their shapes or values do not fit it.",
    });
    await served.close();
  });

  it("says which request failed and why", () =>
    assert.rejects(warmUp(model({ count: 3 }, 2).servable), {
      name: "LoadFailure",
      message: "The warm-up request 2 of 3 failed: `x` does not suit it.",
    }));
});
