import assert from "node:assert/strict";
import { FakeRegistry } from "../support/fake-registry";

describe("ModelRegistry", () => {
  describe("loadAll", () => {
    it("loads every version and gives the highest that is ready", async () => {
      const fake = await FakeRegistry.start({
        "a/9/model.onnx": "",
        "a/10/model.onnx": "",
        "a/11/model.onnx": "bad",
        "b/1/model.onnx": "",
      });
      assert.equal(fake.found("a").split("#")[0], "10");
      assert.equal(fake.found("a", "9").split("#")[0], "9");
      assert.deepEqual(fake.registry.readyVersions("a"), ["9", "10"]);
      assert.deepEqual(fake.index(), [
        "a/9 READY",
        "a/10 READY",
        "a/11 UNAVAILABLE `model.onnx` is bad.",
        "b/1 READY",
      ]);
      assert.deepEqual(fake.complaints, ["a/11 `model.onnx` is bad."]);
      assert.deepEqual([fake.registry.ready(true), fake.registry.ready(false)], [false, true]);
    });

    it("says that versions are being loaded while they are", async () => {
      const fake = new FakeRegistry({ "a/1/model.onnx": "", "a/2/model.onnx": "" });
      let go: (() => void) | undefined;
      fake.gate = ({ version }) =>
        version === "2" ? new Promise((resolve) => (go = resolve)) : Promise.resolve();
      const loaded = fake.registry.loadAll();
      while (!go || fake.loaded.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(fake.index(), ["a/1 READY", "a/2 LOADING"]);
      assert.equal(fake.found("a"), "1#1");
      assert.throws(() => fake.registry.resolve("a", "2"), {
        code: "ModelNotReady",
        message: "Model `a` version 2 is not ready: it is being loaded",
      });
      assert.equal(fake.registry.ready(false), false);
      go!();
      await loaded;
      assert.equal(fake.found("a"), "2#2");
      assert.equal(fake.registry.ready(true), true);
    });

    it("says that nothing is known yet while the repository is being read", async () => {
      const fake = new FakeRegistry({ "a/1/model.onnx": "", "a/model.json": '{"labels": {"stable": "1"}}' });
      const loaded = fake.registry.loadAll();
      const codes = new Set<string>();
      for (;;) {
        try {
          await fake.registry.resolve("a", "stable");
          break;
        } catch (error) {
          codes.add((error as { code: string }).code);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual([...codes], ["ModelNotReady"]);
      await loaded;
      assert.throws(() => fake.registry.resolve("b"), { code: "ModelNotFound" });
    });

    it("loads as many models at a time as it may", async () => {
      const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`m${i}/1/model.onnx`, ""]));
      const fake = new FakeRegistry(files, { parallelLoads: 3 });
      let running = 0;
      let most = 0;
      fake.gate = async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      };
      await fake.registry.loadAll();
      assert.equal(most, 3);
    });
  });

  describe("resolve", () => {
    it("refuses models and versions that there are none of", async () => {
      const fake = await FakeRegistry.start({ "a/1/model.onnx": "", "a/2/model.onnx": "" });
      const refused: [string, string | undefined, string][] = [
        ["b", undefined, "There is no model `b`."],
        ["a", "3", "Model `a` has no version `3`; it has 1, 2."],
        ["__proto__", undefined, "There is no model `__proto__`."],
        ["a", "constructor", "Model `a` has no version `constructor`; it has 1, 2."],
      ];
      for (const [name, version, message] of refused) {
        assert.throws(() => fake.registry.resolve(name, version), { code: "ModelNotFound", message });
      }
    });

    it("falls back to a lower version while the highest cannot serve, and returns to it", async () => {
      const fake = await FakeRegistry.start({ "a/1/model.onnx": "", "a/2/model.onnx": "" });
      const two = fake.loaded.find(({ version }) => version === "2")!;
      two.unavailable = "Its worker has died.";
      assert.match(fake.found("a"), /^1#/);
      assert.throws(() => fake.registry.resolve("a", "2"), {
        message: "Model `a` version 2 is not ready: Its worker has died.",
      });
      assert.deepEqual(fake.registry.readyVersions("a"), ["1"]);
      assert.equal(fake.registry.ready(true), false);
      two.unavailable = undefined;
      assert.match(fake.found("a"), /^2#/);
    });
  });

  describe("versionPolicy", () => {
    const files = { "a/1/model.onnx": "", "a/2/model.onnx": "", "a/3/model.onnx": "" };
    const cases: [unknown, string[]][] = [
      ["all", ["a/1 READY", "a/2 READY", "a/3 READY"]],
      [{ latest: 2 }, ["a/2 READY", "a/3 READY"]],
      [{ latest: 9 }, ["a/1 READY", "a/2 READY", "a/3 READY"]],
      [{ specific: [1, "3"] }, ["a/1 READY", "a/3 READY"]],
      [
        { specific: ["2", "7"] },
        [
          "a/2 READY",
          "a/7 UNAVAILABLE `versionPolicy` in `model.json` asks for version 7, which the repository does not have.",
        ],
      ],
    ];
    for (const [versionPolicy, index] of cases) {
      it(`serves ${JSON.stringify(versionPolicy)}`, async () => {
        const fake = await FakeRegistry.start({
          ...files,
          "a/model.json": JSON.stringify({ versionPolicy }),
        });
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(fake.index(), index);
        const missing = index.filter((line) => line.includes("UNAVAILABLE"));
        assert.deepEqual(
          fake.complaints,
          missing.map((line) => line.replace(" UNAVAILABLE", "")),
        );
      });
    }
  });

  describe("labels", () => {
    const start = (labels: Record<string, string>) =>
      FakeRegistry.start({
        "a/1/model.onnx": "",
        "a/2/model.onnx": "",
        "a/4/model.onnx": "bad",
        "a/model.json": JSON.stringify({ labels }),
      });

    it("stand wherever a version may", async () => {
      const fake = await start({ stable: "1", canary: "2" });
      assert.deepEqual([fake.found("a", "stable")[0], fake.found("a", "canary")[0]], ["1", "2"]);
      assert.equal(fake.registry.modelReady("a", "stable"), true);
      assert.equal(fake.registry.versionOf("a", "canary"), "2");
    });

    it("that name no version are in the index, and what asks for them gets 404", async () => {
      const fake = await start({ stable: "1", canary: "3" });
      assert.deepEqual(fake.index(), [
        "a/1 READY",
        "a/2 READY",
        "a/3 UNAVAILABLE The label `canary` names this version, which is not served.",
        "a/4 UNAVAILABLE `model.onnx` is bad.",
      ]);
      assert.throws(() => fake.registry.resolve("a", "canary"), {
        code: "ModelNotFound",
        message:
          "The label `canary` of model `a` names version 3, which is not served; it has 1, 2, 4 and the labels stable (1), canary (3).",
      });
      assert.throws(() => fake.registry.resolve("a", "beta"), {
        code: "ModelNotFound",
        message:
          "Model `a` has no version or label `beta`; it has 1, 2, 4 and the labels stable (1), canary (3).",
      });
    });

    it("that name a version which cannot be loaded say why", async () => {
      const fake = await start({ canary: "4" });
      assert.throws(() => fake.registry.resolve("a", "canary"), {
        code: "ModelNotReady",
        message: "Model `a` version 4 is not ready: `model.onnx` is bad.",
      });
    });
  });

  it("counts each version in the metrics, once it serves as ready", async () => {
    const fake = await FakeRegistry.start({ "a/1/model.onnx": "", "a/2/model.onnx": "bad" });
    const text = await fake.metrics.registry.metrics();
    assert.match(text, /slipway_model_ready\{model="a",version="1"\} 1/);
    assert.match(text, /slipway_model_ready\{model="a",version="2"\} 0/);
  });

  it("closes every model, and what is loaded meanwhile", async () => {
    const fake = new FakeRegistry({ "a/1/model.onnx": "", "b/1/model.onnx": "" });
    let go: (() => void) | undefined;
    fake.gate = ({ name }) => (name === "b" ? new Promise((resolve) => (go = resolve)) : Promise.resolve());
    void fake.registry.loadAll();
    while (!go || fake.loaded.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const closed = fake.registry.close();
    go!();
    await closed;
    assert.deepEqual(
      fake.loaded.map((servable) => [servable.name, servable.closed]),
      [
        ["a", true],
        ["b", true],
      ],
    );
    assert.equal(fake.registry.ready(false), false);
    assert.deepEqual(fake.complaints, [], "that nothing is loaded any more is no fault of the models");
  });

  it("says which option is wrong where the repository is gone", async () => {
    const fake = new FakeRegistry({}, { modelRepository: "/nowhere" });
    await assert.rejects(fake.registry.loadAll(), {
      name: "UsageError",
      message: "`--model-repository` (/nowhere) cannot be read: it does not exist.",
    });
  });
});
