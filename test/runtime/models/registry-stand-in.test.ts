import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { FakeRegistry } from "../support/fake-registry";

const policy = (versionPolicy: object, others: object = {}) => JSON.stringify({ versionPolicy, ...others });

describe("at the start, a version that cannot be loaded", () => {
  let fake: FakeRegistry;
  afterEach(() => fake.registry.close());

  async function start(files: Record<string, string>, config: string): Promise<string[]> {
    const versions = Object.entries(files).map(([version, content]) => [`a/${version}/model.onnx`, content]);
    fake = await FakeRegistry.start(
      { ...Object.fromEntries(versions), "a/model.json": config },
      { modelControl: "poll", pollInterval: 3600 },
    );
    for (let i = 0; i < 5; i++) await turn();
    return fake.index();
  }

  it("is stood in for by the next lower one, as if it had come later", async () => {
    assert.deepEqual(await start({ 1: "", 2: "", 3: "bad" }, policy({ latest: 1 })), [
      "a/2 READY It serves because version 3 could not be loaded.",
      "a/3 UNAVAILABLE `model.onnx` is bad.",
    ]);
    assert.equal(fake.found("a"), "2#1");
    assert.equal(fake.registry.ready(true), true);
    fake.write({ "a/3/model.onnx": "mended" });
    await fake.registry.look();
    await fake.registry.look();
    for (let i = 0; i < 5; i++) await turn();
    assert.deepEqual(fake.index(), ["a/3 READY"]);
  });

  it("is stood in for by the first that can be loaded, one for each that failed", async () => {
    const files = { 1: "", 2: "bad", 3: "", 4: "bad", 5: "bad" };
    assert.deepEqual(await start(files, policy({ latest: 2 })), [
      "a/1 READY It serves because version 5 could not be loaded.",
      "a/3 READY It serves because version 4 could not be loaded.",
      "a/4 UNAVAILABLE `model.onnx` is bad.",
      "a/5 UNAVAILABLE `model.onnx` is bad.",
    ]);
  });

  it("leaves the model unready where no lower one can be loaded", async () => {
    assert.deepEqual(await start({ 1: "bad", 2: "bad" }, policy({ latest: 1 })), [
      "a/2 UNAVAILABLE `model.onnx` is bad.",
    ]);
    assert.equal(fake.registry.ready(true), false);
  });

  it("is not stood in for where it is asked for by its number, or where digests say what is meant", async () => {
    for (const config of [
      policy({ specific: [2] }),
      policy({ latest: 1 }, { sha256: { 2: "0".repeat(64) } }),
    ]) {
      assert.deepEqual(await start({ 1: "", 2: "bad" }, config), ["a/2 UNAVAILABLE `model.onnx` is bad."]);
      assert.equal(fake.loaded.length, 0);
    }
  });
});
