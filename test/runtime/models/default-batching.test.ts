import assert from "node:assert/strict";
import { addModel, centredModel, identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

describe("batching without any configuration", () => {
  let server: RunningServer;

  before(async () => {
    const centred = centredModel(["N", 4]);
    const repository = modelFolder({
      "add/1/model.onnx": addModel("float32", ["N", "F"]),
      "text/1/model.onnx": identityModel("string", ["N", 1]),
      "centred/1/model.onnx": centred,
    });
    server = await RunningServer.start(repository, { instances: 2 });
  });
  after(() => server.close());

  const runsOf = async (model: string) => {
    const line = new RegExp(
      `^slipway_inference_batch_size_count\\{model="${model}",version="1"\\} (\\d+)`,
      "m",
    );
    return Number(line.exec(await server.metrics())?.[1] ?? 0);
  };

  it("gives every caller its own rows of shared runs, whatever their sizes, shapes and outputs", async () => {
    const ask = async (i: number) => {
      const shape = [1 + (i % 3), 1 + (i % 2)];
      const data = Array.from({ length: shape[0]! * shape[1]! }, (__, k) => 100 * i + k);
      const ones = data.map(() => 1);
      const { status, body } = await server.infer("add", {
        inputs: [
          { name: "b", datatype: "FP32", shape, data: ones },
          { name: "a", datatype: "FP32", shape, data },
        ],
        ...(i % 4 === 0 && { outputs: [{ name: "sum" }] }),
      });
      assert.equal(status, 200, body.error);
      const [sum, copy] = body.outputs as { shape: number[]; data: number[] }[];
      assert.deepEqual([sum!.shape, sum!.data], [shape, data.map((value) => value + 1)]);
      assert.deepEqual(copy?.data, i % 4 === 0 ? undefined : data);
    };
    // Requests that come one by one because the machine is busy share nothing; such a burst is followed by another.
    let asked = 0;
    for (let burst = 0; burst < 20 && asked === (await runsOf("add")); burst++) {
      await Promise.all(Array.from({ length: 60 }, (_, i) => ask(i)));
      asked += 60;
    }
    assert.ok((await runsOf("add")) < asked, `none of ${asked} shared a run`);
  });

  it("does so for texts", async () => {
    const answers = Array.from({ length: 30 }, async (_, i) => {
      const data = [`text ${i}`, "é"];
      const { body } = await server.infer("text", {
        inputs: [{ name: "x", datatype: "BYTES", shape: [2, 1], data }],
      });
      assert.deepEqual(body.outputs[0].data, data);
    });
    await Promise.all(answers);
  });

  it("runs inputs alone whose first dimensions differ, which the model may take", async () => {
    const tensor = (name: string, shape: number[], data: number[]) => ({
      name,
      datatype: "FP32",
      shape,
      data,
    });
    const { status, body } = await server.infer("add", {
      inputs: [tensor("a", [2, 1], [1, 2]), tensor("b", [1, 1], [10])],
    });
    assert.equal(status, 200, body.error);
    assert.deepEqual(body.outputs[0].data, [11, 12]);
  });

  it("never joins requests of a model whose rows depend on each other", async () => {
    const answers = Array.from({ length: 20 }, async (_, i) => {
      const data = [i, i, i, i + 4];
      const { body } = await server.infer("centred", {
        inputs: [{ name: "x", datatype: "FP32", shape: [1, 4], data }],
      });
      assert.deepEqual(body.outputs[0].data, [-1, -1, -1, 3]);
    });
    await Promise.all(answers);
    assert.equal(await runsOf("centred"), 20);
  });
});
