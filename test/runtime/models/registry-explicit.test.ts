import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { resolveServerOptions } from "../../../runtime/options";
import type { Servable } from "../../../runtime/models/servable";
import { FakeRegistry } from "../support/fake-registry";

const start = (files: Record<string, string>, loadModel: string[] = []) =>
  FakeRegistry.start(files, { modelControl: "explicit", loadModel });

describe("a repository that is controlled by requests", () => {
  let fake: FakeRegistry;
  afterEach(() => fake?.registry.close());

  describe("at the start", () => {
    const files = { "a/1/model.onnx": "", "b/1/model.onnx": "" };

    it("loads nothing, and lists what could be", async () => {
      fake = await start(files);
      assert.deepEqual(fake.index(), [
        "a/ UNAVAILABLE It is not loaded.",
        "b/ UNAVAILABLE It is not loaded.",
      ]);
      assert.equal(fake.registry.ready(true), true);
      assert.throws(() => fake.registry.resolve("a"), {
        code: "ModelNotFound",
        message: "Model `a` is not loaded; with `--model-control explicit` models are loaded by request.",
      });
    });

    it("loads the models that are named", async () => {
      fake = await start(files, ["b"]);
      assert.deepEqual(fake.index(), ["a/ UNAVAILABLE It is not loaded.", "b/1 READY"]);
    });

    it("loads all for a star", async () => {
      fake = await start(files, ["*"]);
      assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY"]);
    });

    it("takes names in explicit mode only", () =>
      assert.throws(() => resolveServerOptions({ modelRepository: "models", loadModel: ["a", "b"] }), {
        name: "UsageError",
        message: "`--load-model` (a,b) needs `--model-control explicit`; with none every model is loaded.",
      }));

    it("is not ready where one that is named is missing", async () => {
      fake = await start(files, ["a", "c"]);
      assert.deepEqual(fake.index(), [
        "a/1 READY",
        "b/ UNAVAILABLE It is not loaded.",
        "c/ UNAVAILABLE `--load-model` asks for it, but the repository does not have it.",
      ]);
      assert.equal(fake.registry.ready(true), false);
    });
  });

  describe("load", () => {
    it("loads a model that has come since", async () => {
      fake = await start({ "a/1/model.onnx": "" });
      fake.write({ "b/3/model.onnx": "" });
      await fake.registry.load("b");
      assert.equal(fake.found("b"), "3#1");
      assert.deepEqual(fake.index(), ["a/ UNAVAILABLE It is not loaded.", "b/3 READY"]);
    });

    it("loads a model again, finding the old one until the new one is there", async () => {
      fake = await start({ "a/1/model.onnx": "" }, ["a"]);
      let go: (() => void) | undefined;
      fake.gate = () => new Promise((resolve) => (go = resolve));
      const loaded = fake.registry.load("a");
      while (!go) {
        assert.equal(fake.found("a"), "1#1");
        await turn();
      }
      assert.deepEqual([fake.found("a"), fake.index()], ["1#1", ["a/1 READY"]]);
      go();
      await loaded;
      assert.equal(fake.found("a"), "1#2");
      for (let i = 0; i < 5; i++) await turn();
      assert.deepEqual(
        fake.loaded.map(({ closed }) => closed),
        [true, false],
      );
    });

    it("follows the folder: new versions come, those that are gone leave", async () => {
      fake = await start({ "a/1/model.onnx": "" }, ["a"]);
      fake.write({ "a/2/model.onnx": "" });
      fake.remove("a/1");
      await fake.registry.load("a");
      for (let i = 0; i < 5; i++) await turn();
      assert.deepEqual(fake.index(), ["a/2 READY"]);
    });

    it("says what could not be loaded, and leaves the old one serving", async () => {
      fake = await start({ "a/1/model.onnx": "" }, ["a"]);
      fake.write({ "a/1/model.onnx": "bad" });
      await assert.rejects(fake.registry.load("a"), {
        code: "InvalidArgument",
        message: "Model `a` could not be loaded: version 1: `model.onnx` is bad.",
      });
      assert.equal(fake.found("a"), "1#1");
    });

    it("takes fields of `model.json` that stand in for the file's until the next load", async () => {
      fake = await start({
        "a/1/model.onnx": "",
        "a/model.json": '{"instances": 2, "labels": {"stable": "1"}}',
      });
      await fake.registry.load("a", { config: '{"instances": 3}' });
      const config = () => (fake.registry.resolve("a") as Servable).config;
      assert.deepEqual(config(), { sha256: {}, instances: 3, labels: { stable: "1" } });
      await fake.registry.load("a");
      assert.equal(config().instances, 2);
    });

    it("takes fields of Triton's model configuration as well", async () => {
      fake = await start({ "a/1/model.onnx": "", "a/2/model.onnx": "", "a/model.json": '{"instances": 2}' });
      await fake.registry.load("a", {
        config:
          '{"backend": "onnxruntime", "max_batch_size": 8, "version_policy": {"specific": {"versions": [1]}}}',
      });
      assert.deepEqual((fake.registry.resolve("a") as Servable).config, {
        sha256: {},
        instances: 2,
        batching: { maxBatchSize: 8 },
        versionPolicy: { specific: [1] },
      });
      assert.equal(fake.found("a"), "1#1");
    });

    const TAKES =
      "it takes sha256, instances, maxConcurrentRequests, batching, queue, execution, warmup, lazy, validation, cache, feedback, drift, payloads, versionPolicy, labels, pipeline.";
    const HINT = "It holds fields of `model.json`, or of Triton's model configuration.";
    const refused: [string, Record<string, unknown> | undefined, string, string][] = [
      ["c", undefined, "ModelNotFound", "The repository has no model `c`."],
      ["../a", undefined, "ModelNotFound", "The repository has no model `../a`."],
      ["a", { config: 1 }, "InvalidArgument", "The parameter `config` must be a text that holds JSON."],
      ["a", { config: "{" }, "InvalidArgument", "The parameter `config` is not valid JSON."],
      ["a", { config: "[]" }, "InvalidArgument", `\`config\` must be a JSON object. ${HINT}`],
      [
        "a",
        { config: '{"maxBatchSize": 8}' },
        "InvalidArgument",
        `\`config\` has the unknown field \`maxBatchSize\`; ${TAKES} ${HINT}`,
      ],
      [
        "a",
        { config: '{"max_batch_size": -1}' },
        "InvalidArgument",
        "`config` has the `max_batch_size` -1, must be a whole number >= 0.",
      ],
      [
        "a",
        { "file:1/model.onnx": "…", config: "{}" },
        "InvalidArgument",
        "The parameter `file:1/model.onnx` is not taken: put the file into the model repository, then load the model without it.",
      ],
      ["a", { force: true }, "InvalidArgument", "The parameter `force` is not taken; there is `config`."],
    ];
    for (const [name, parameters, code, message] of refused) {
      it(`refuses ${name} with ${JSON.stringify(parameters)}`, async () => {
        fake = await start({ "a/1/model.onnx": "" }, ["a"]);
        await assert.rejects(fake.registry.load(name, parameters), { code, message });
        assert.deepEqual([fake.index(), fake.loaded.length], [["a/1 READY"], 1]);
      });
    }
  });

  describe("unload", () => {
    it("resolves when what was asked of the model is answered", async () => {
      fake = await start({ "a/1/model.onnx": "", "a/2/model.onnx": "" }, ["a"]);
      const two = fake.registry.resolve("a") as Servable;
      const answer = two.infer({ inputs: [] });
      await fake.registry.unload("a");
      await answer;
      assert.deepEqual(fake.index(), [
        "a/1 UNAVAILABLE It was unloaded.",
        "a/2 UNAVAILABLE It was unloaded.",
      ]);
      assert.throws(() => fake.registry.resolve("a"), {
        code: "ModelNotReady",
        message: "Model `a` version 2 is not ready: It was unloaded.",
      });
      assert.equal(fake.registry.modelReady("a"), false);
      assert.equal(fake.registry.ready(true), true);
      await fake.registry.unload("a");
      await fake.registry.load("a");
      assert.deepEqual(fake.index(), ["a/1 READY", "a/2 READY"]);
    });

    it("refuses a model that is not known, and parameters that are not", async () => {
      fake = await start({ "a/1/model.onnx": "" }, ["a"]);
      await assert.rejects(fake.registry.unload("b"), {
        code: "ModelNotFound",
        message: "Model `b` is not loaded; with `--model-control explicit` models are loaded by request.",
      });
      await assert.rejects(fake.registry.unload("a", { unload_dependents: "yes" }), {
        code: "InvalidArgument",
        message: "The parameter `unload_dependents` must be true or false.",
      });
      await assert.rejects(fake.registry.unload("a", { config: "{}" }), {
        code: "InvalidArgument",
        message: "The parameter `config` is not taken; there is `unload_dependents`.",
      });
    });
  });
});

/** `model.json` of a pipeline that runs these models one after the other. */
const pipeline = (...models: string[]) =>
  JSON.stringify({
    pipeline: {
      inputs: [{ name: "x", datatype: "FP32", shape: [-1] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1] }],
      steps: models.map((model) => ({ model, inputs: { x: "x" }, outputs: { y: "y" } })),
    },
  });

describe("pipelines of a repository", () => {
  let fake: FakeRegistry;
  afterEach(() => fake.registry.close());

  /** As the real ones do, a fake pipeline needs its models when it is loaded. */
  function needsModels(registry: FakeRegistry): void {
    registry.gate = async ({ config, resolve }) => {
      for (const { model } of config.pipeline?.steps ?? []) await resolve(model);
    };
  }

  const FILES = {
    "a/model.json": pipeline("b", "z"),
    "a/1/model.onnx": "",
    "b/model.json": pipeline("z"),
    "b/1/model.onnx": "",
    "z/1/model.onnx": "",
  };

  it("are loaded after the models that they run", async () => {
    fake = new FakeRegistry(FILES);
    needsModels(fake);
    await fake.registry.loadAll();
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY", "z/1 READY"]);
    assert.deepEqual(
      fake.loaded.map(({ name }) => name),
      ["z", "b", "a"],
    );
  });

  it("that lack a model say so, and are loaded when it appears", async () => {
    fake = new FakeRegistry(
      { ...FILES, "z/1/model.onnx": "bad" },
      { modelControl: "poll", pollInterval: 3600 },
    );
    needsModels(fake);
    await fake.registry.loadAll();
    assert.deepEqual(fake.index(), [
      "a/1 UNAVAILABLE Model `b` version 1 is not ready: Model `z` version 1 is not ready: `model.onnx` is bad.",
      "b/1 UNAVAILABLE Model `z` version 1 is not ready: `model.onnx` is bad.",
      "z/1 UNAVAILABLE `model.onnx` is bad.",
    ]);
    fake.write({ "z/1/model.onnx": "mended" });
    await fake.registry.look();
    await fake.registry.look();
    for (let i = 0; i < 20; i++) await turn();
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY", "z/1 READY"]);
  });

  it("that run each other are refused", async () => {
    fake = new FakeRegistry({
      "a/model.json": pipeline("b"),
      "b/model.json": pipeline("c"),
      "c/model.json": pipeline("a"),
    });
    needsModels(fake);
    await fake.registry.loadAll();
    assert.ok(
      fake
        .index()
        .includes("a/1 UNAVAILABLE `pipeline` in `model.json` leads back to itself: a → b → c → a."),
      fake.index().join("\n"),
    );
  });

  it("bring their models along when they are loaded, and take them along when asked to", async () => {
    fake = new FakeRegistry(FILES, { modelControl: "explicit" });
    needsModels(fake);
    await fake.registry.loadAll();
    await fake.registry.load("a");
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY", "z/1 READY"]);
    await fake.registry.unload("a");
    assert.deepEqual(fake.index(), ["a/1 UNAVAILABLE It was unloaded.", "b/1 READY", "z/1 READY"]);
    await fake.registry.load("a");
    await fake.registry.unload("a", { unload_dependents: true });
    // `z` is still run by `b`, which was loaded for `a` only and leaves with it.
    assert.deepEqual(fake.index(), [
      "a/1 UNAVAILABLE It was unloaded.",
      "b/1 UNAVAILABLE It was unloaded.",
      "z/1 UNAVAILABLE It was unloaded.",
    ]);
  });

  it("bring a model along again that could not be loaded before", async () => {
    fake = new FakeRegistry({ ...FILES, "z/1/model.onnx": "bad" }, { modelControl: "explicit" });
    needsModels(fake);
    await fake.registry.loadAll();
    await assert.rejects(fake.registry.load("b"), {
      message:
        "Model `b` could not be loaded: version 1: Model `z` version 1 is not ready: `model.onnx` is bad.",
    });
    fake.write({ "z/1/model.onnx": "mended" });
    await fake.registry.load("b");
    assert.deepEqual(fake.index().slice(1), ["b/1 READY", "z/1 READY"]);
  });

  it("leave models that somebody asked for", async () => {
    fake = new FakeRegistry(FILES, { modelControl: "explicit" });
    needsModels(fake);
    await fake.registry.loadAll();
    await fake.registry.load("z");
    await fake.registry.load("b");
    await fake.registry.unload("b", { unload_dependents: true });
    assert.equal(fake.found("z"), "1#1");
  });

  it("leave with a model that they run when asked to", async () => {
    fake = new FakeRegistry(FILES, { modelControl: "explicit", loadModel: ["b"] });
    needsModels(fake);
    await fake.registry.loadAll();
    assert.deepEqual(fake.index(), ["a/ UNAVAILABLE It is not loaded.", "b/1 READY", "z/1 READY"]);
    await fake.registry.unload("z", { unload_dependents: true });
    assert.deepEqual(fake.index().slice(1), [
      "b/1 UNAVAILABLE It was unloaded.",
      "z/1 UNAVAILABLE It was unloaded.",
    ]);
  });
});
