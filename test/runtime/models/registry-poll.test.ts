import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { hold, release } from "../../../runtime/models/registry-lease";
import type { Servable } from "../../../runtime/models/servable";
import { FakeRegistry } from "../support/fake-registry";

const start = (files: Record<string, string>) =>
  FakeRegistry.start(files, { modelControl: "poll", pollInterval: 3600 });

/** Two looks: a change is acted on when both have seen it. */
async function lookTwice({ registry }: FakeRegistry): Promise<void> {
  await registry.look();
  await registry.look();
  // What is old leaves in the background.
  for (let i = 0; i < 5; i++) await turn();
}

describe("a repository that is polled", () => {
  let fake: FakeRegistry;
  afterEach(() => fake.registry.close());

  it("is left alone while nothing changes", async () => {
    fake = await start({ "a/1/model.onnx": "", "b/1/model.onnx": "bad" });
    await lookTwice(fake);
    assert.equal(fake.loaded.length, 1);
    assert.equal(fake.complaints.length, 1);
  });

  it("takes a new model and a new version when two looks have seen the same files", async () => {
    fake = await start({ "a/1/model.onnx": "" });
    fake.write({ "a/2/model.onnx": "par", "b/1/model.onnx": "" });
    await fake.registry.look();
    fake.write({ "a/2/model.onnx": "partial" });
    await fake.registry.look();
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY"]);
    await fake.registry.look();
    assert.deepEqual(fake.index(), ["a/1 READY", "a/2 READY", "b/1 READY"]);
    assert.equal(fake.found("a"), "2#3");
    assert.equal(fake.loaded.length, 3);
  });

  it("switches by policy and retires the old version once it has answered", async () => {
    fake = await start({ "a/1/model.onnx": "", "a/model.json": '{"versionPolicy": {"latest": 1}}' });
    const one = fake.registry.resolve("a") as Servable;
    fake.turns = 30;
    hold(one);
    fake.write({ "a/2/model.onnx": "" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 UNLOADING", "a/2 READY"]);
    assert.equal(fake.found("a"), "2#2");
    assert.throws(() => fake.registry.resolve("a", "1"), {
      code: "ModelNotReady",
      message: "Model `a` version 1 is not ready: it is being unloaded",
    });
    // The body of a request that had found version 1 is there only now.
    await one.infer({ inputs: [] });
    release(one);
    for (let i = 0; i < 5; i++) await turn();
    assert.deepEqual([fake.loaded[0]!.closed, fake.loaded[0]!.answeredCount], [true, 1]);
    assert.deepEqual(fake.index(), ["a/2 READY"]);
  });

  it("answers 404 for a label whose version the policy lets go", async () => {
    fake = await start({
      "a/1/model.onnx": "",
      "a/model.json": '{"versionPolicy": {"latest": 1}, "labels": {"stable": "1"}}',
    });
    const one = fake.registry.resolve("a", "stable") as Servable;
    hold(one);
    fake.write({ "a/2/model.onnx": "" });
    await lookTwice(fake);
    const refusal = {
      code: "ModelNotFound",
      message:
        "The label `stable` of model `a` names version 1, which is not served; it has 2 and the label stable (1).",
    };
    assert.throws(() => fake.registry.resolve("a", "stable"), refusal);
    release(one);
    for (let i = 0; i < 5; i++) await turn();
    assert.throws(() => fake.registry.resolve("a", "stable"), refusal);
  });

  it("goes on serving the old version where the new one is broken, and says why", async () => {
    fake = await start({ "a/1/model.onnx": "", "a/model.json": '{"versionPolicy": {"latest": 1}}' });
    fake.write({ "a/2/model.onnx": "bad" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), [
      "a/1 READY It goes on serving because version 2 could not be loaded.",
      "a/2 UNAVAILABLE `model.onnx` is bad.",
    ]);
    assert.equal(fake.found("a"), "1#1");
    assert.equal(fake.registry.ready(true), true);
    assert.deepEqual(fake.complaints, ["a/2 `model.onnx` is bad."]);
    fake.write({ "a/2/model.onnx": "mended" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/2 READY"]);
  });

  it("tries again what could not be loaded although its files are the same, after pauses that grow", async () => {
    fake = await start({ "a/1/model.onnx": "", "b/1/model.onnx": "" });
    let isAway = true;
    fake.gate = async ({ version }) => {
      if (version === "2" && isAway) throw new Error("The volume is away.");
    };
    fake.write({ "a/2/model.onnx": "" });
    await lookTwice(fake);
    for (const [pause, tries] of [
      [9_999, 1],
      [1, 2],
      [19_999, 2],
      [1, 3],
    ] as const) {
      fake.now += pause;
      await lookTwice(fake);
      assert.equal(fake.complaints.length, tries);
    }
    isAway = false;
    fake.now += 40_000;
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 READY", "a/2 READY", "b/1 READY"]);
    assert.deepEqual([fake.loaded.length, fake.complaints.length], [3, 3]);
  });

  it("tries again what failed at the start, and what an older load stands in for", async () => {
    fake = new FakeRegistry(
      { "a/1/model.onnx": "", "b/1/model.onnx": "" },
      { modelControl: "poll", pollInterval: 3600 },
    );
    let away = "b";
    fake.gate = async ({ name }) => {
      if (away.includes(name)) throw new Error("The volume is away.");
    };
    await fake.registry.loadAll();
    away = "a";
    fake.write({ "a/1/model.onnx": "new" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), [
      "a/1 READY The volume is away. The version that was loaded before goes on serving.",
      "b/1 UNAVAILABLE The volume is away.",
    ]);
    away = "";
    fake.now += 10_000;
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY"]);
    assert.notEqual(fake.found("a"), "1#1");
  });

  it("gives up after some tries, and when a version is missing that is asked for by number", async () => {
    fake = await start({
      "a/1/model.onnx": "bad",
      "b/1/model.onnx": "",
      "b/model.json": '{"versionPolicy": {"specific": [1, 2]}}',
    });
    for (let i = 0; i < 20; i++) {
      fake.now += 600_000;
      await fake.registry.look();
    }
    assert.equal(fake.complaints.filter((line) => line.startsWith("a/1")).length, 9);
    assert.equal(fake.complaints.filter((line) => line.startsWith("b/2")).length, 1);
  });

  it("goes on serving what was loaded where a version's file becomes broken", async () => {
    fake = await start({ "a/1/model.onnx": "good" });
    fake.write({ "a/1/model.onnx": "bad file" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), [
      "a/1 READY `model.onnx` is bad. The version that was loaded before goes on serving.",
    ]);
    assert.equal(fake.found("a"), "1#1");
    fake.write({ "a/1/model.onnx": "good again" });
    await lookTwice(fake);
    assert.deepEqual([fake.index(), fake.found("a")], [["a/1 READY"], "1#2"]);
    assert.equal(fake.loaded[0]!.closed, true);
  });

  it("keeps label and configuration where `model.json` becomes broken", async () => {
    fake = await start({ "a/1/model.onnx": "", "a/model.json": '{"labels": {"stable": "1"}}' });
    fake.write({ "a/model.json": "{" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), [
      "a/1 READY `model.json` is not valid JSON. The version that was loaded before goes on serving.",
    ]);
    assert.equal(fake.found("a", "stable"), "1#1");
    assert.equal(fake.registry.ready(true), true);
  });

  it("moves a label without loading anything again", async () => {
    fake = await start({
      "a/1/model.onnx": "",
      "a/2/model.onnx": "",
      "a/model.json": '{"labels": {"stable": "1"}}',
    });
    const before = fake.found("a", "stable");
    fake.write({ "a/model.json": '{"labels": {"stable": "2", "old": "1"}}' });
    await lookTwice(fake);
    assert.equal(fake.found("a", "old"), before);
    assert.equal(fake.found("a", "stable"), fake.found("a", "2"));
    assert.equal(fake.loaded.length, 2);
  });

  it("leaves a label where it was while its new version cannot be loaded", async () => {
    fake = await start({ "a/1/model.onnx": "", "a/model.json": '{"labels": {"stable": "1"}}' });
    fake.write({ "a/2/model.onnx": "bad", "a/model.json": '{"labels": {"stable": "2"}}' });
    await lookTwice(fake);
    assert.equal(fake.found("a", "stable"), "1#1");
    fake.write({ "a/2/model.onnx": "mended" });
    await lookTwice(fake);
    assert.equal(fake.found("a", "stable"), "2#2");
  });

  it("loads versions again whose part of the configuration has changed", async () => {
    fake = await start({ "a/1/model.onnx": "", "a/2/model.onnx": "" });
    fake.write({ "a/model.json": JSON.stringify({ sha256: { "2": "0".repeat(64) } }) });
    await lookTwice(fake);
    assert.deepEqual(fake.loaded.map(({ version }) => version).sort(), ["1", "2", "2"]);
    fake.write({ "a/model.json": JSON.stringify({ instances: 2 }) });
    await lookTwice(fake);
    assert.equal(fake.loaded.length, 5);
  });

  it("unloads a version and a model whose folders are gone", async () => {
    fake = await start({ "a/1/model.onnx": "", "a/2/model.onnx": "", "b/1/model.onnx": "" });
    fake.remove("a/2");
    fake.remove("b");
    await fake.registry.look();
    assert.equal(fake.index().length, 3);
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 READY"]);
    assert.throws(() => fake.registry.resolve("b"), {
      code: "ModelNotFound",
      message: "There is no model `b`.",
    });
    assert.deepEqual(
      fake.loaded
        .filter(({ closed }) => closed)
        .map(({ name, version }) => `${name}/${version}`)
        .sort(),
      ["a/2", "b/1"],
    );
    fake.write({ "b/1/model.onnx": "" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 READY"]);
  });

  it("keeps everything while the repository cannot be read", async () => {
    fake = await start({ "a/1/model.onnx": "" });
    fake.remove("");
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 READY"]);
  });

  it("does not become unready by a new model that is broken", async () => {
    fake = await start({ "a/1/model.onnx": "" });
    fake.write({ "b/1/model.onnx": "bad" });
    await lookTwice(fake);
    assert.deepEqual(fake.index(), ["a/1 READY", "b/1 UNAVAILABLE `model.onnx` is bad."]);
    assert.equal(fake.registry.ready(true), true);
  });

  for (const action of ["load", "unload"] as const) {
    it(`refuses to ${action} by request`, () =>
      assert.rejects(fake.registry[action]("a"), {
        code: "Conflict",
        message:
          "`--model-control` is poll: the server follows the folder itself. With `--model-control explicit` models are loaded and unloaded by request.",
      }));
  }
});
