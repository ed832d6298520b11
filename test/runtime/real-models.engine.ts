import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { CATALOGUE, layOutRepository, packModels, type PackedModel } from "../../toolchain/models";
import { silent } from "../../toolchain/progress";
import { RunningServer } from "./support/running-server";

const random = (length: number) => Array.from({ length }, () => Math.fround(Math.random() * 2 - 1));

describe("the models that come with the project", () => {
  let server: RunningServer;
  let models: PackedModel[];
  let dir: string;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "slipway-real-models-"));
    models = await packModels(silent);
    await layOutRepository(models, dir);
    server = await RunningServer.start(dir);
  });
  after(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });

  const inputs: Record<string, { name: string; datatype: string; shape: number[]; data: number[] }[]> = {
    "pp-ocrv4-rec": [{ name: "x", datatype: "FP32", shape: [1, 3, 48, 96], data: random(3 * 48 * 96) }],
    "silero-vad": [
      { name: "input", datatype: "FP32", shape: [1, 512], data: random(512) },
      { name: "state", datatype: "FP32", shape: [2, 1, 128], data: random(256) },
      { name: "sr", datatype: "INT64", shape: [], data: [16000] },
    ],
  };

  for (const { name, version } of CATALOGUE) {
    it(`give through the server what onnxruntime gives directly: ${name} version ${version}`, async () => {
      const tensors = inputs[name]!;
      const { path } = models.find((model) => model.name === name && model.version === version)!;
      const session = await InferenceSession.create(path);
      const feeds = tensors.map(({ name: input, datatype, shape, data }) => [
        input,
        datatype === "INT64"
          ? new Tensor("int64", BigInt64Array.from(data, BigInt), shape)
          : new Tensor("float32", Float32Array.from(data), shape),
      ]);
      const direct = await session.run(Object.fromEntries(feeds));
      const { status, body } = await server.infer(`${name}/versions/${version}`, { inputs: tensors });
      assert.equal(status, 200, body.error);
      assert.equal(body.outputs.length, Object.keys(direct).length);
      for (const output of body.outputs) {
        const expected = direct[output.name]!;
        assert.deepEqual(output.shape, expected.dims);
        (expected.data as Float32Array).forEach((value, i) => {
          assert.ok(
            Math.abs(value - output.data[i]) <= 1e-5,
            `${output.name}[${i}]: ${value} and ${output.data[i]}`,
          );
        });
      }
      await session.release();
    });
  }
});
