import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { addModel } from "../../support/onnx-model";
import { grpcClient, type GrpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

describe("Triton's extensions over gRPC", () => {
  let server: RunningServer;
  let client: GrpcClient;

  before(async () => {
    const repository = modelFolder({ "add/1/model.onnx": addModel("float32", ["n", 2]) });
    server = await RunningServer.start(repository);
    client = grpcClient(server.grpcAddress);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  const rest = async (path: string) => (await server.call("GET", path)).body;

  it("describes the configuration of a model as REST does", async () => {
    const { config } = await client.call("ModelConfig", { name: "add" });
    const json = await rest("/v2/models/add/config");
    assert.equal(config.name, "add");
    assert.equal(config.platform, json.platform);
    assert.equal(config.max_batch_size, json.max_batch_size);
    assert.deepEqual(
      config.input.map((input: { name: string; data_type: number; dims: unknown[] }) => [
        input.name,
        input.data_type,
        input.dims.map(Number),
      ]),
      json.input.map((input: { name: string; dims: number[] }) => [input.name, 11, input.dims]),
    );
    assert.equal(config.instance_group[0].count, json.instance_group[0].count);
    await assert.rejects(client.call("ModelConfig", { name: "nope" }), {
      code: status.NOT_FOUND,
      details: "There is no model `nope`.",
    });
  });

  it("counts requests as REST does", async () => {
    const tensor = Buffer.from(new Float32Array([1, 2]).buffer);
    const input = (name: string) => ({ name, datatype: "FP32", shape: [1, 2] });
    const request = {
      model_name: "add",
      inputs: [input("a"), input("b")],
      raw_input_contents: [tensor, tensor],
    };
    await client.call("ModelInfer", request);
    await client.call("ModelInfer", request);
    const { model_stats: stats } = await client.call("ModelStatistics", { name: "add", version: "1" });
    assert.equal(stats.length, 1);
    assert.deepEqual([stats[0].name, stats[0].version], ["add", "1"]);
    assert.equal(Number(stats[0].inference_stats.success.count), 2);
    assert.ok(Number(stats[0].inference_stats.success.ns) > 0);
    assert.equal(Number(stats[0].inference_count), 2);
    assert.ok(Number(stats[0].last_inference) > 1.6e12);
    const { model_stats: all } = await client.call("ModelStatistics", {});
    assert.equal(all.length, 1);
    await assert.rejects(client.call("ModelStatistics", { name: "nope" }), { code: status.NOT_FOUND });
  });

  it("lists the repository", async () => {
    const { models } = await client.call("RepositoryIndex", { ready: true });
    assert.deepEqual(
      models.map(({ name, version, state }: Record<string, string>) => [name, version, state]),
      [["add", "1", "READY"]],
    );
  });

  it("tells which extensions there are, as REST does", async () => {
    const { name, version, extensions } = await client.call("ServerMetadata", {});
    assert.deepEqual({ name, version, extensions }, await rest("/v2"));
  });

  for (const method of ["RepositoryModelLoad", "RepositoryModelUnload"]) {
    it(`refuses ${method} unless the repository is controlled explicitly, as REST does`, async () => {
      const verb = method.slice("RepositoryModel".length).toLowerCase();
      const { status: http, body } = await server.call("POST", `/v2/repository/models/add/${verb}`, {});
      assert.equal(http, 409);
      await assert.rejects(client.call(method, { model_name: "add" }), {
        code: status.FAILED_PRECONDITION,
        details: body.error,
      });
    });
  }

  it("unloads and loads a model where the repository is controlled explicitly", async () => {
    const repository = modelFolder({ "add/1/model.onnx": addModel("float32", ["n", 2]) });
    const explicit = await RunningServer.start(repository, {
      modelControl: "explicit",
      loadModel: ["*"],
    });
    const other = grpcClient(explicit.grpcAddress);
    try {
      const ready = async () => (await other.call("ModelReady", { name: "add" })).ready;
      assert.equal(await ready(), true);
      await other.call("RepositoryModelUnload", { model_name: "add" });
      assert.equal(await ready(), false);
      const parameters = { config: { string_param: JSON.stringify({ instances: 2 }) } };
      await other.call("RepositoryModelLoad", { model_name: "add", parameters });
      assert.equal(await ready(), true);
      const { config } = await other.call("ModelConfig", { name: "add" });
      assert.equal(config.instance_group[0].count, 2);
      await assert.rejects(other.call("RepositoryModelLoad", { model_name: "nope" }), {
        code: status.NOT_FOUND,
      });
    } finally {
      other.close();
      await explicit.close();
    }
  });
});
