import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addModel, identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const identity = identityModel("float32", ["n"]);
const request = (value: number) => ({ inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [value] }] });

describe("repository control", () => {
  /** The server of a test; closed after it, whatever has become of it. */
  let single: RunningServer | undefined;
  async function start(...args: Parameters<typeof RunningServer.start>): Promise<RunningServer> {
    return (single = await RunningServer.start(...args));
  }
  afterEach(async () => {
    await single?.close();
    single = undefined;
  });

  describe("a server with --model-control explicit", () => {
    let server: RunningServer;
    let folder: string;
    before(async () => {
      folder = modelFolder({
        "m/1/model.onnx": identity,
        "m/model.json": '{"labels": {"stable": "1"}}',
        "bad/1/model.onnx": "no model",
      });
      server = await RunningServer.start(folder, { modelControl: "explicit", loadModel: ["m"] });
    });
    after(() => server.close());
    const control = (model: string, action: "load" | "unload", parameters?: object) =>
      server.call("POST", `/v2/repository/models/${model}/${action}`, parameters && { parameters });
    const index = async () =>
      ((await server.call("POST", "/v2/repository/index")).body as Record<string, string>[]).map(
        ({ name, version, state, reason }) => `${name}/${version} ${state}${reason && ` ${reason}`}`,
      );

    it("serves a label where a version may stand", async () => {
      const answer = await server.call("POST", "/v2/models/m/versions/stable/infer", request(7));
      assert.deepEqual([answer.status, answer.body.model_version], [200, "1"]);
      const metadata = await server.call("GET", "/v2/models/m/versions/stable");
      assert.deepEqual([metadata.status, metadata.body.versions], [200, ["1"]]);
      assert.equal((await server.call("GET", "/v2/models/m/versions/stable/ready")).status, 200);
      const unknown = await server.call("GET", "/v2/models/m/versions/beta");
      assert.deepEqual(
        [unknown.status, unknown.body],
        [404, { error: "Model `m` has no version or label `beta`; it has 1 and the label stable (1)." }],
      );
    });

    it("loads a model again without one failed request", async () => {
      let asking = true;
      let count = 0;
      const ask = async () => {
        while (asking) {
          const { status, body } = await server.infer("m", request(count++));
          assert.equal(status, 200, JSON.stringify(body));
        }
      };
      const clients = Array.from({ length: 4 }, ask);
      for (let i = 0; i < 2; i++) {
        const { status, body } = await control("m", "load");
        assert.deepEqual([status, body], [200, {}]);
      }
      asking = false;
      await Promise.all(clients);
      assert.ok(count > 4, `${count} requests`);
    });

    it("answers 400 with the reason for a model that cannot be loaded, 404 for one that is not there", async () => {
      const bad = await control("bad", "load");
      assert.deepEqual(
        [bad.status, bad.body],
        [400, { error: "Model `bad` could not be loaded: version 1: `model.onnx` is not an ONNX model." }],
      );
      const absent = await control("absent", "load");
      assert.deepEqual(
        [absent.status, absent.body],
        [404, { error: "The repository has no model `absent`." }],
      );
      assert.equal((await server.call("GET", "/v2/health/ready")).status, 200);
    });

    it("unloads a model and loads it with other settings", async () => {
      assert.equal((await control("m", "unload")).status, 200);
      assert.deepEqual(await index(), [
        "bad/1 UNAVAILABLE `model.onnx` is not an ONNX model.",
        "m/1 UNAVAILABLE It was unloaded.",
      ]);
      const refused = await server.infer("m", request(1));
      assert.deepEqual(
        [refused.status, refused.body],
        [503, { error: "Model `m` version 1 is not ready: It was unloaded." }],
      );
      const config = JSON.stringify({ instances: 2, batching: false });
      assert.equal((await control("m", "load", { config })).status, 200);
      const { body } = await server.call("GET", "/v2/models/m/config");
      assert.deepEqual(body.instance_group[0].count, 2);
      assert.equal((await server.infer("m", request(1))).status, 200);
    });
  });

  describe("a server with --model-control none", () => {
    it("answers 409 to a request to load", async () => {
      const server = await start(modelFolder({ "m/1/model.onnx": identity }));
      const { status, body } = await server.call("POST", "/v2/repository/models/m/load");
      assert.deepEqual(
        [status, body],
        [
          409,
          {
            error:
              "`--model-control` is none: models are loaded at the start only. With `--model-control explicit` models are loaded and unloaded by request.",
          },
        ],
      );
    });
  });

  describe("a server with --model-control poll", () => {
    it("takes a new version and lets the old one go", async () => {
      const folder = modelFolder({
        "m/1/model.onnx": identity,
        "m/model.json": '{"versionPolicy": {"latest": 1}}',
      });
      const server = await start(folder, { modelControl: "poll", pollInterval: 0.1 });
      mkdirSync(join(folder, "m/2"));
      writeFileSync(join(folder, "m/2/model.onnx"), identity);
      rmSync(join(folder, "m/1"), { recursive: true });
      let versions: string[] = [];
      const deadline = Date.now() + 8000;
      while (versions.join() !== "2" && Date.now() < deadline) {
        const { status, body } = await server.infer("m", request(1));
        assert.equal(status, 200, JSON.stringify(body));
        versions = (await server.call("GET", "/v2/models/m")).body.versions;
      }
      assert.deepEqual(versions, ["2"]);
    });
  });

  describe("a model that asks for a warm-up", () => {
    it("is unavailable with the reason where the warm-up fails", async () => {
      const server = await start(
        modelFolder({
          "good/1/model.onnx": identity,
          "good/model.json": '{"warmup": {"count": 2}}',
          "ill/1/model.onnx": addModel("float32", ["n", "m"]),
          "ill/model.json": JSON.stringify({
            batching: false,
            warmup: { inputs: { a: { shape: [1, 2] }, b: { shape: [1, 3] } } },
          }),
        }),
      );
      assert.deepEqual(
        server.server.models().map(({ name, state, reason }) => [name, state, reason]),
        [
          ["good", "READY", ""],
          [
            "ill",
            "UNAVAILABLE",
            "The warm-up request 1 of 1 failed: Model `ill` cannot run on these inputs: `a` [1, 2], `b` [1, 3]; their shapes or values do not fit it.",
          ],
        ],
      );
    });
  });

  describe("a lazy model of a server", () => {
    it("is loaded by a request for its metadata", async () => {
      const server = await start(
        modelFolder({ "m/1/model.onnx": identity, "m/model.json": '{"lazy": true}' }),
      );
      assert.equal((await server.call("GET", "/v2/models/m/ready")).status, 200);
      const states = () => server.server.models().map(({ state, reason }) => [state, reason]);
      assert.deepEqual(states(), [["READY", "It is loaded on first use."]]);
      const { body } = await server.call("GET", "/v2/models/m");
      assert.deepEqual(body.inputs, [{ name: "x", datatype: "FP32", shape: [-1] }]);
      assert.deepEqual(states(), [["READY", ""]]);
      assert.equal((await server.infer("m", request(3))).body.outputs[0].data[0], 3);
    });
  });

  describe("a server that takes signed models only", () => {
    it("loads what one of its keys has signed and says of the others what they lack", async () => {
      const { publicKey, privateKey } = generateKeyPairSync("ed25519");
      const signature = sign(null, identity, privateKey);
      const folder = modelFolder({
        "altered/1/model.onnx": addModel("float32", ["n"]),
        "altered/1/model.onnx.sig": signature,
        "signed/1/model.onnx": identity,
        "signed/1/model.onnx.sig": signature,
        "unsigned/1/model.onnx": identity,
      });
      const keys = modelFolder({ "key.pem": publicKey.export({ type: "spki", format: "pem" }) as string });
      const server = await start(folder, { modelPublicKeys: [join(keys, "key.pem")] });
      assert.deepEqual(
        server.server.models().map(({ name, state, reason }) => [name, state, reason]),
        [
          [
            "altered",
            "UNAVAILABLE",
            "The signature in `model.onnx.sig` is of other bytes than `model.onnx`, or by a key that is not trusted.",
          ],
          ["signed", "READY", ""],
          [
            "unsigned",
            "UNAVAILABLE",
            "`model.onnx` is not signed: `model.onnx.sig` is missing, but only signed models are taken.",
          ],
        ],
      );
    });
  });
});
