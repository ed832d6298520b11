import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import { expectedBytes, MemoryBudget, type Tenant } from "../../../runtime/models/memory-budget";
import { hold, release } from "../../../runtime/models/registry-lease";
import { FakeRegistry } from "../support/fake-registry";

const LAZY = '{"lazy": true}';

describe("a lazy model", () => {
  let fake: FakeRegistry;
  beforeEach(async () => {
    fake = await FakeRegistry.start({ "a/1/model.onnx": "", "a/2/model.onnx": "", "a/model.json": LAZY });
  });
  afterEach(() => fake.registry.close());

  it("is ready without being loaded", () => {
    assert.deepEqual(fake.index(), [
      "a/1 READY It is loaded on first use.",
      "a/2 READY It is loaded on first use.",
    ]);
    assert.equal(fake.registry.ready(true), true);
    assert.equal(fake.registry.modelReady("a", "1"), true);
    assert.deepEqual(fake.registry.readyVersions("a"), ["1", "2"]);
    assert.equal(fake.loaded.length, 0);
  });

  it("is loaded once for all who wait, and only the version that is asked for", async () => {
    const found = await Promise.all([fake.awaited("a"), fake.awaited("a", "2"), fake.awaited("a")]);
    assert.deepEqual(found, ["2#1", "2#1", "2#1"]);
    assert.deepEqual(fake.index(), ["a/1 READY It is loaded on first use.", "a/2 READY"]);
    assert.equal(fake.found("a"), "2#1");
    assert.match(
      await fake.metrics.registry.metrics(),
      /slipway_model_cold_loads_total\{model="a",version="2"\} 1/,
    );
  });

  it("that cannot be loaded says why, and is tried again after a while that grows", async () => {
    fake.write({ "a/2/model.onnx": "bad" });
    const sentence = "Model `a` version 2 is not ready: `model.onnx` is bad.";
    const refusal = { code: "ModelNotReady", message: sentence };
    await assert.rejects(fake.awaited("a", "2"), refusal);
    assert.deepEqual(fake.index()[1], "a/2 UNAVAILABLE `model.onnx` is bad.");
    assert.equal(fake.registry.ready(true), true);
    for (const wait of [1000, 2000, 4000]) {
      fake.now += wait - 1;
      assert.throws(() => fake.registry.resolve("a", "2"), refusal);
      fake.now += 1;
      assert.deepEqual(fake.index()[1], "a/2 READY `model.onnx` is bad.");
      await assert.rejects(fake.awaited("a", "2"), refusal);
    }
    assert.equal(fake.complaints.length, 4);
    // The lower version is there for those who leave the choice to the server.
    assert.equal(await fake.awaited("a"), "1#1");
    fake.now += 60_000;
    fake.write({ "a/2/model.onnx": "mended" });
    assert.equal(await fake.awaited("a"), "2#2");
  });
});

describe("a memory budget", () => {
  const MiB = 1024 * 1024;
  let fake: FakeRegistry;
  afterEach(() => fake.registry.close());

  /** Models whose files are empty: each is expected to need 11 MiB. */
  async function start(names: string[], modelMemoryBudget: number, bytes = 0): Promise<void> {
    fake = new FakeRegistry(Object.fromEntries(names.map((name) => [`${name}/1/model.onnx`, ""])), {
      modelMemoryBudget,
    });
    fake.memoryOf = () => bytes;
    await fake.registry.loadAll();
  }

  const ROOM = "It is loaded on first use: other models hold the memory.";
  const EVICTED = "It was unloaded to make room for others; it is loaded on next use.";

  it("loads at the start what fits, the others on first use", async () => {
    await start(["a", "b", "c"], 25 * MiB);
    const ready = fake.index().filter((line) => line.endsWith(" READY"));
    const waiting = fake.index().filter((line) => line.endsWith(ROOM));
    assert.deepEqual([ready.length, waiting.length], [2, 1]);
    assert.equal(fake.registry.ready(true), true);
  });

  it("evicts the model that was unused for longest, and loads it again when asked for", async () => {
    fake = await FakeRegistry.start(
      { "a/1/model.onnx": "", "b/1/model.onnx": "", "c/1/model.onnx": "", "c/model.json": LAZY },
      { modelMemoryBudget: 25 * MiB },
    );
    fake.loaded.find(({ name }) => name === "a")!.lastUsed = 2;
    fake.loaded.find(({ name }) => name === "b")!.lastUsed = 1;
    await fake.awaited("c");
    assert.deepEqual(fake.index(), ["a/1 READY", `b/1 READY ${EVICTED}`, "c/1 READY"]);
    assert.equal(fake.loaded.find(({ name }) => name === "b")!.closed, true);
    fake.loaded.find(({ name }) => name === "c")!.lastUsed = 3;
    await fake.awaited("b");
    assert.deepEqual(fake.index(), [`a/1 READY ${EVICTED}`, "b/1 READY", "c/1 READY"]);
    const text = await fake.metrics.registry.metrics();
    assert.match(text, /slipway_model_evictions_total\{model="b",version="1"\} 1/);
    assert.match(text, /slipway_model_cold_loads_total\{model="b",version="1"\} 1/);
  });

  it("never evicts a model in use: who would need its memory is refused", async () => {
    await start(["a", "b"], 15 * MiB);
    const loaded = fake.loaded[0]!;
    const other = loaded.name === "a" ? "b" : "a";
    const refusal = {
      code: "ModelNotReady",
      message: `Model \`${other}\` version 1 is not ready: The models that are in use hold the memory of \`--model-memory-budget\` (${15 * MiB}).`,
    };
    hold(loaded);
    await assert.rejects(fake.awaited(other), refusal);
    fake.now += 1000;
    const answer = loaded.infer({ inputs: [] });
    release(loaded);
    await assert.rejects(fake.awaited(other), refusal);
    await answer;
    assert.equal(loaded.closed, false);
    fake.now += 1000;
    assert.equal(await fake.awaited(other), "1#2");
    assert.equal(loaded.closed, true);
  });

  it("refuses a model that cannot fit even alone, with what it needs and what there is", async () => {
    await start(["a"], 9 * MiB);
    const need = expectedBytes(0, 1);
    assert.deepEqual(fake.index(), [
      `a/1 UNAVAILABLE It needs about ${need} bytes of memory, but \`--model-memory-budget\` is ${9 * MiB}.`,
    ]);
    assert.equal(fake.loaded.length, 0);
  });

  it("refuses a model that turns out to be too large, and ends it", async () => {
    await start(["a"], 12 * MiB, 12 * MiB);
    assert.deepEqual(fake.index(), [
      `a/1 UNAVAILABLE It needs about ${23 * MiB} bytes of memory, but \`--model-memory-budget\` is ${12 * MiB}.`,
    ]);
    assert.equal(fake.loaded[0]!.closed, true);
  });

  it("exchanges a model although old and new do not fit together", async () => {
    fake = await FakeRegistry.start(
      { "a/1/model.onnx": "" },
      { modelMemoryBudget: 15 * MiB, modelControl: "explicit", loadModel: ["a"] },
    );
    await fake.registry.load("a");
    await turn();
    assert.deepEqual([fake.index(), fake.found("a")], [["a/1 READY"], "1#2"]);
  });

  it("does not let two loads count on the same bytes", async () => {
    fake = await FakeRegistry.start(
      Object.fromEntries(
        ["a", "b", "c"].flatMap((name) => [
          [`${name}/1/model.onnx`, ""],
          [`${name}/model.json`, LAZY],
        ]),
      ),
      { modelMemoryBudget: 15 * MiB },
    );
    fake.gate = async () => {
      for (let i = 0; i < 5; i++) await turn();
    };
    const results = await Promise.allSettled(["a", "b", "c"].map((name) => fake.awaited(name)));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length >= 1, true);
    assert.equal(fake.loaded.filter(({ closed }) => !closed).length, 1);
  });
});

describe("MemoryBudget", () => {
  class Fake implements Tenant {
    evicted = false;
    constructor(
      readonly memoryBytes: number,
      readonly lastUsed: number,
      public idle = true,
    ) {}
    isIdle = () => this.idle;
    evict(): Promise<void> {
      this.evicted = true;
      return Promise.resolve();
    }
  }

  async function budgetOf(limit: number, ...tenants: Fake[]): Promise<MemoryBudget> {
    const budget = new MemoryBudget(limit, 1);
    for (const tenant of tenants) await budget.settle({}, tenant);
    return budget;
  }

  it("evicts no more than it must, and nothing where that would not be enough", async () => {
    const tenants = [new Fake(10, 1), new Fake(10, 2), new Fake(10, 3, false)];
    const budget = await budgetOf(30, ...tenants);
    assert.equal(await budget.admit({}, 25, true), "full");
    assert.deepEqual(
      tenants.map(({ evicted }) => evicted),
      [false, false, false],
    );
    assert.equal(await budget.admit({}, 5, true), "granted");
    assert.deepEqual(
      tenants.map(({ evicted }) => evicted),
      [true, false, false],
    );
    assert.equal(budget.usedBytes, 25);
  });

  it("evicts others where a load holds more than was expected", async () => {
    const first = new Fake(10, 1);
    const budget = await budgetOf(30, first);
    const load = {};
    assert.equal(await budget.admit(load, 10, true), "granted");
    await budget.settle(load, new Fake(25, 2));
    assert.deepEqual([first.evicted, budget.usedBytes], [true, 25]);
  });

  it("evicts what is idle where that is not enough, and the others once they are idle", async () => {
    const [idle, busy] = [new Fake(10, 1), new Fake(10, 2, false)];
    const budget = await budgetOf(30, idle, busy);
    const large = new Fake(28, 3, false);
    await budget.settle({}, large);
    assert.deepEqual([idle.evicted, busy.evicted, large.evicted], [true, false, false]);
    await delay(5);
    assert.equal(busy.evicted, false, "it is in use");
    busy.idle = true;
    for (let i = 0; i < 200 && !busy.evicted; i++) await delay(1);
    assert.equal(busy.evicted, true);
    assert.equal(budget.usedBytes, 28);
  });

  it("looks for nobody once it is closed", async () => {
    const busy = new Fake(20, 1, false);
    const budget = await budgetOf(30, busy);
    await budget.settle({}, new Fake(20, 2));
    budget.close();
    busy.idle = true;
    await delay(5);
    assert.equal(busy.evicted, false);
  });

  it("gives back what a failed load was granted", async () => {
    const budget = await budgetOf(30);
    const load = {};
    assert.equal(await budget.admit(load, 30, true), "granted");
    assert.equal(await budget.admit({}, 1, true), "full");
    await budget.settle(load);
    assert.equal(await budget.admit({}, 30, true), "granted");
  });

  it("is no limit at 0", async () => {
    const budget = await budgetOf(0, new Fake(1e12, 1));
    assert.equal(await budget.admit({}, 1e12, true), "granted");
  });
});
