import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import {
  MODEL,
  SERVICE,
  VERSION,
  assertLossless,
  inBackground,
  readStatus,
  reset,
  targetOf,
  underLoad,
  untilWeights,
  weightsOf,
} from "../../bench/traffic/stage";
import { TrafficLoad } from "../../bench/traffic/traffic-load";
import { randomInputs } from "../../cli/up/proof-inputs";
import type { Gate } from "../../rollout/declaration";
import { readOutputs, runCommand, slipway } from "../support/slipway";
import { flakyModel, slowModel } from "./support/candidates";
import { LocalStack, type ModelSetting } from "./support/local-stack";
import { rateOf, thorough } from "./support/thorough";

const RATE = rateOf(120, 60);
const REQUESTS = ["http1", "http2", "grpc"] as const;
/** Seconds of a step, in which Prometheus looks twice; a bad candidate must be gone after two of them. */
const INTERVAL = 30;
const SHARE = 20;
const NAMESPACE = "slipway";
const DATASET = "candidates-dataset";
/** Kubernetes' own deadline for a rollout whose pods do not come is 300 s. */
const PATIENCE_MS = 150_000;
const REQUEST = "examples/requests/silero-vad.json";

describe("a candidate that is not as good as what is live", function () {
  this.timeout(400_000);
  let stack: LocalStack;
  let core: CoreV1Api;
  let isAsDeclared = false;

  before(async () => {
    await reset();
    stack = await LocalStack.open();
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    core = config.makeApiClient(CoreV1Api);
  });
  after(async () => {
    stack.close();
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: DATASET }).catch(() => undefined);
    if (!isAsDeclared) await mend();
  });

  /** @returns what `up` said */
  async function mend(): Promise<string> {
    const { status, stdout, stderr } = await runCommand("npm", ["run", "--silent", "up"]);
    assert.equal(status, 0, stderr.slice(-4000));
    isAsDeclared = true;
    return stdout;
  }

  /** The candidate becomes this model; the stack declares these gates and no others. */
  async function propose(version: string, content: Buffer, gates: Gate[]): Promise<string> {
    const { path, ...model } = await stack.push(MODEL, version, content);
    await stack.apply(SERVICE, ({ rollout }) => {
      rollout.slots.green.models = [model];
      rollout.strategy = { kind: "canary", stepWeights: [SHARE, 50], interval: INTERVAL };
      rollout.gates = gates;
    });
    return path;
  }

  async function refusal(version: string, content: Buffer, gates: Gate[]): Promise<string> {
    return propose(version, content, gates).then(
      () => assert.fail("the update succeeded"),
      ({ message }: Error) => message,
    );
  }

  /** Walks until the candidate's numbers end it; what became of all requests, and for how long it had traffic. */
  async function walkThatFails(version: string, path: string) {
    const load = await TrafficLoad.start({
      target: await targetOf(),
      rate: RATE,
      transports: [...REQUESTS],
      versions: [{ version, path }],
    });
    try {
      await sleep(2_000);
      const walk = inBackground("rollout", SERVICE, "--reason", "a test");
      await untilWeights(({ green }) => green > 0);
      const [status] = await walk.ended;
      assert.equal(status, 1, walk.said());
      await sleep(1_500);
      const { live, slots } = await readStatus();
      assert.deepEqual([live, slots.blue.weight], ["blue", 100]);
      const before = await load.report();
      await sleep(2_000);
      const after = await load.report();
      assert.equal(after.byVersion[version], before.byVersion[version], "it still answers");
      // By its own answers: a command that tells its weights comes seconds after they were set.
      const answered = after.seen[version];
      assert.ok(answered, "it never answered");
      const seconds = (answered.last - answered.first) / 1000;
      return { said: walk.said(), report: await load.stop(), seconds };
    } catch (error) {
      await load.stop().catch(() => undefined);
      throw error;
    }
  }

  it("crashes on its start: the update fails with its reason, and no request notices", async () => {
    const report = await underLoad({ rate: RATE }, async () => {
      const message = await refusal("7", Buffer.from("this is not a model"), []);
      assert.match(message, /container "server" of Pod "voice-green-[^"]+" keeps ending with an error/);
      assert.match(message, /`silero-vad` version 7: `model.onnx` is not an ONNX model\./);
      const { live, slots } = await readStatus();
      assert.equal(live, "blue");
      assert.deepEqual([slots.blue.ready, slots.blue.weight, slots.green.weight], [true, 100, 0]);
    });
    assertLossless(report);
    assert.deepEqual(Object.keys(report.byVersion), [VERSION.blue]);
  });

  thorough(
    "never becomes ready: the update says what its pods wait for, and no request notices",
    async () => {
      const report = await underLoad({ rate: RATE }, async () => {
        const hungry = stack.apply(SERVICE, ({ rollout }) => {
          Object.assign(rollout.slots.green, { cpuRequest: "500", cpuLimit: "500", startupTimeout: 20 });
          rollout.gates = [];
        });
        const message = await hungry.then(
          () => assert.fail("the update succeeded"),
          ({ message: said }: Error) => said,
        );
        assert.match(message, /Insufficient cpu/);
        const { live, slots } = await readStatus();
        assert.equal(live, "blue");
        assert.deepEqual([slots.blue.ready, slots.blue.weight, slots.green.weight], [true, 100, 0]);
        const { status, stdout, stderr } = await slipway(["promote", SERVICE], { timeoutMs: 240_000 });
        assert.notEqual(status, 0, stdout);
        assert.match(
          stdout + stderr,
          /slot green of `voice` is not what was declared last: 2 pods are from before/,
        );
      });
      assertLossless(report);
      assert.deepEqual(Object.keys(report.byVersion), [VERSION.blue]);
    },
  );

  it("answers known questions wrongly: its gate's Job says so with the number, and it gets no traffic", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ inputs: randomInputs(MODEL), label: i % 2 }));
    await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name: DATASET }, data: { "dataset.json": JSON.stringify(rows) } },
    });
    const judged: Gate = {
      name: "quality",
      kind: "quality",
      model: MODEL,
      dataset: DATASET,
      output: "output",
      metric: "rmse",
      threshold: 0.01,
    };
    await propose("8", slowModel(1), [judged]);
    for (const command of ["promote", "rollout"]) {
      const { status, stdout, stderr } = await slipway([command, SERVICE], { timeoutMs: 240_000 });
      assert.equal(status, 1, stdout);
      assert.match(stdout + stderr, /RMSE is 0\.\d+ on 20 samples, more than 0\.01/);
      assert.deepEqual(weightsOf(await readStatus()), { blue: 100, green: 0 });
    }
  });

  it("fails one request in twenty: it goes back within two intervals, and nobody else pays", async () => {
    const path = await propose("9", flakyModel(0.9), [{ name: "errors", kind: "errorRate", maxPercent: 1 }]);
    const { said, report, seconds } = await walkThatFails("9", path);
    assert.match(said, /gate "errors": the error rate is \d/);
    assert.ok(seconds <= 2 * INTERVAL, `it answered for ${seconds} s`);
    // What a share of 20 % with 5 % of errors explains in that time, and four standard deviations more.
    const explained = RATE * (seconds + 1) * (SHARE / 100) * 0.05;
    assert.ok(report.failed > 0, "it failed none");
    assert.ok(report.failed <= explained + 4 * Math.sqrt(explained), `${report.failed} failed, ${explained}`);
    assert.equal(report.wrong, 0, report.troubles.join("\n"));
  });

  thorough("is slower by half: it goes back within two intervals, without a failed request", async () => {
    const path = await propose("10", slowModel(64), [
      { name: "latency", kind: "latency", notSlowerThanLiveBy: 50 },
    ]);
    const { said, report, seconds } = await walkThatFails("10", path);
    assert.match(said, /gate "latency": /);
    assert.ok(seconds <= 2 * INTERVAL, `it answered for ${seconds} s`);
    assert.deepEqual(report.troubles, []);
  });

  thorough(
    "gets copies of all requests, is a thousand times too slow and answers nonsense: clients notice nothing",
    async () => {
      const { path: _unused, ...model } = await stack.push(MODEL, "11", slowModel(512));
      await stack.apply(SERVICE, ({ rollout }) => {
        rollout.slots.green.models = [model];
        rollout.strategy = { kind: "shadow", percent: 100 };
        rollout.gates = [];
      });
      const report = await underLoad({ rate: RATE }, async () => {
        const walk = inBackground("rollout", SERVICE, "--observe", "8", "--reason", "a test");
        const [status] = await walk.ended;
        assert.equal(status, 0, walk.said());
      });
      assertLossless(report);
      assert.deepEqual(Object.keys(report.byVersion), [VERSION.blue]);
    },
  );

  describe("and a bad model of the slot that is live", () => {
    /**
     * What an update says whose live slot gets such a model, after making sure that it said so in time and that the old pods still
     * serve.
     */
    async function refusalOfLive(change: Partial<ModelSetting>): Promise<string> {
      const startedAt = Date.now();
      const error = await stack
        .apply(SERVICE, ({ rollout }) => Object.assign(rollout.slots.blue.models[0]!, change))
        .then(
          () => assert.fail("the update succeeded"),
          (failure: Error) => failure,
        );
      const elapsed = Date.now() - startedAt;
      assert.ok(elapsed < PATIENCE_MS, `it took ${elapsed / 1000} s`);
      const { status, stderr } = await slipway(["infer", MODEL, "--input", REQUEST]);
      assert.equal(status, 0, stderr);
      return error.message;
    }

    it("whose digest differs fails the update with both digests, while the old pods serve", async () => {
      const message = await refusalOfLive({ sha256: "0".repeat(64) });
      assert.match(message, /Pod "voice-blue-[^"]+" keeps ending with an error/);
      assert.match(message, /5\/model\.onnx has the SHA-256 2623a[0-9a-f]+, but `--sha256` says 0{64}/);
    });

    it("is mended by the next `up`", async () => {
      assert.match(await mend(), /Slipway is up .*\d to update/);
    });
  });
});
