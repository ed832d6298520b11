import assert from "node:assert/strict";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import { walk } from "../../../cli/rollout/walk";
import type { WalkSettings } from "../../../cli/rollout/walk-end";
import type { Gate, Strategy } from "../../../rollout/declaration";
import type { GateOutcome, Verdict } from "../../../rollout/outcome";
import { FakeWorld } from "./support/fake-desk";
import { scaleTo, weightsIn, type FakeService } from "./support/fake-service";

const canary: Strategy = { kind: "canary", stepWeights: [10, 50], interval: 10, scaleDownDelay: 30 };
const errors: Gate = { kind: "errorRate", name: "errors", every: 5 };

const outcome = (verdict: Verdict, value: number | null = 5): GateOutcome => ({
  gate: "errors",
  verdict,
  value,
  reason: verdict === "failed" ? "the error rate is 5 %, more than 1 %" : "nothing can be told",
});

describe("walk", () => {
  let world: FakeWorld;
  let stop: AbortController;
  afterEach(() => world.end());

  const given = (service: FakeService) => {
    world = new FakeWorld(service);
    stop = new AbortController();
  };
  const settings = (more: Partial<WalkSettings> = {}): WalkSettings => ({
    why: "release 5",
    signal: stop.signal,
    measure: async (gates) => gates.map(({ name }) => ({ ...outcome("passed"), gate: name })),
    ...more,
  });
  const actions = () => world.entries.map(({ action, to }) => `${action} ${to.green}`);

  it("walks a canary to its promotion and lets the old slot go", async () => {
    given({ strategy: canary, gates: [errors] });
    const seconds = world.now;
    const end = await walk(world.desk(), settings());
    assert.deepEqual([end.result, end.sentence], ["promoted", "green of `text` is live and has all traffic"]);
    assert.deepEqual(actions(), [
      "rollout-started 0",
      "step 10",
      "step 50",
      "promoted 100",
      "scaled-down 100",
    ]);
    assert.deepEqual(world.declared, {
      live: "green",
      weights: { blue: 0, green: 100 },
      mirror: 0,
      standby: "cold",
      candidate: "green",
    });
    assert.equal(world.api.get("Deployment", "text-blue")!.spec!.replicas, 0);
    assert.equal((world.now - seconds) / 1000, 50, "two intervals and the delay");
    assert.equal(world.entries[0]!.by, "ana@ci");
    assert.deepEqual(
      world.entries[2]!.gates.map(({ verdict }) => verdict),
      ["passed"],
    );
  });

  it("does not wait and leaves the old slot its pods where it is to stay warm", async () => {
    given({ strategy: canary });
    assert.equal((await walk(world.desk(), settings({ keepWarm: true }))).result, "promoted");
    assert.equal(world.declared!.standby, "warm");
    assert.equal(world.api.get("Deployment", "text-blue")!.spec!.replicas, 2);
  });

  it("sends all traffic back when a gate fails, and records its number", async () => {
    given({ strategy: canary, gates: [errors] });
    const end = await walk(world.desk(), settings({ measure: async () => [outcome("failed")] }));
    assert.equal(end.result, "rolled-back");
    assert.equal(
      end.sentence,
      'gate "errors": the error rate is 5 %, more than 1 %; all traffic of `text` is on blue, which is live',
    );
    assert.deepEqual(actions(), ["rollout-started 0", "step 10", "rolled-back 0"]);
    assert.equal(world.entries.at(-1)!.gates[0]!.value, 5);
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
  });

  it("takes a promotion back when a gate fails in the time for which it is watched", async () => {
    given({ strategy: { kind: "blueGreen", scaleDownDelay: 100 }, gates: [errors] });
    const end = await walk(world.desk(), settings({ measure: async () => [outcome("failed")] }));
    assert.equal(end.result, "rolled-back");
    assert.deepEqual(actions(), ["rollout-started 0", "promoted 100", "rolled-back 0"]);
    assert.equal(world.declared!.live, "blue");
  });

  it("stops where it is when gates say nothing, and goes on from there", async () => {
    given({ strategy: canary, gates: [{ ...errors, inconclusiveLimit: 1 }] });
    const end = await walk(world.desk(), settings({ measure: async () => [outcome("inconclusive", null)] }));
    assert.equal(end.result, "inconclusive");
    assert.equal(
      end.sentence,
      'gate "errors": nothing can be told (2 times without a result, 1 allowed); traffic stays where it is: `slipway rollout text` measures again, `slipway rollback text` goes back',
    );
    assert.deepEqual(weightsIn(world.api)[0], { blue: 90, green: 10 });
    assert.equal((await walk(world.desk(), settings())).result, "promoted");
    assert.deepEqual(actions(), [
      "rollout-started 0",
      "step 10",
      "step 50",
      "promoted 100",
      "scaled-down 100",
    ]);
  });

  it("goes back when the candidate stops being ready, but not for one bad look", async () => {
    given({ strategy: canary });
    let looks = 0;
    world.onSleep = () => {
      looks++;
      scaleTo(world.api, "text", "green", 2, looks === 2 || looks >= 4 ? 0 : 2);
    };
    const end = await walk(world.desk(), settings());
    assert.equal(end.result, "rolled-back");
    assert.ok(
      end.sentence.startsWith("slot green of `text` is not ready: 0 of 2 pods are ready; "),
      end.sentence,
    );
    assert.ok(looks >= 5, String(looks));
    assert.deepEqual(weightsIn(world.api)[0], { blue: 100, green: 0 });
  });

  it("bears with pods that are missing while others answer, for as long as their Deployment does", async () => {
    given({ strategy: canary });
    const start = world.now;
    world.onSleep = () => scaleTo(world.api, "text", "green", 10, world.now - start < 500_000 ? 9 : 10);
    const end = await walk(world.desk(), settings({ keepWarm: true }));
    assert.equal(end.result, "promoted", end.sentence);
    assert.deepEqual(actions(), ["rollout-started 0", "step 10", "step 50", "promoted 100"]);
    assert.ok(world.now - start >= 500_000, "no step before they are back");
    assert.ok(world.notes.includes("Slot green is waited for: 9 of 10 pods are ready."));
  });

  for (const [what, service] of [
    ["stands still where they stay away", { strategy: canary }],
    ["does so while it is watched, too", { strategy: { ...canary, interval: 900 } }],
  ] as const) {
    it(`${what}: nobody knows of one pod of ten whether it is a good candidate`, async () => {
      given(service);
      const start = world.now;
      world.onSleep = () => scaleTo(world.api, "text", "green", 10, 1);
      const end = await walk(world.desk(), settings());
      assert.deepEqual(
        [end.result, end.sentence],
        [
          "inconclusive",
          "slot green of `text` is not ready: 1 of 10 pods are ready; traffic stays where it is: `slipway rollout text` goes on, `slipway rollback text` goes back",
        ],
      );
      assert.deepEqual(weightsIn(world.api)[0], { blue: 90, green: 10 });
      assert.ok(world.now - start < 640_000);
      world.onSleep = () => scaleTo(world.api, "text", "green", 10);
      assert.equal((await walk(world.desk(), settings({ keepWarm: true }))).result, "promoted");
    });
  }

  it("asks nothing of a slot that keeps what it has: the old one is let go while an autoscaler adds pods", async () => {
    given({ strategy: canary });
    const start = world.now;
    world.onSleep = () => {
      if (weightsIn(world.api)[0]!.green === 100) scaleTo(world.api, "text", "green", 10, 9);
    };
    const end = await walk(world.desk(), settings());
    assert.equal(end.result, "promoted", end.sentence);
    assert.equal(actions().at(-1), "scaled-down 100");
    assert.equal((world.now - start) / 1000, 50);
  });

  it("gives the candidate no more while the live slot, the way back, does not answer", async () => {
    given({ strategy: canary });
    world.onSleep = () => scaleTo(world.api, "text", "blue", 2, 0);
    const end = await walk(world.desk(), settings());
    assert.deepEqual(
      [end.result, end.sentence],
      [
        "inconclusive",
        "no pod of slot blue of `text` answers (0 of 2 pods are ready), which is the way back; `slipway promote text` sends all traffic to green all the same; traffic stays where it is: `slipway rollout text` goes on, `slipway rollback text` goes back",
      ],
    );
    assert.deepEqual(weightsIn(world.api)[0], { blue: 90, green: 10 });
  });

  it("is begun by no promotion to one pod of ten, which waits for the others", async () => {
    given({ strategy: canary });
    const start = world.now;
    scaleTo(world.api, "text", "green", 10, 1);
    await assert.rejects(
      promote(world.desk(), "", async () => []),
      { message: "slot green of `text` is not ready: 1 of 10 pods are ready" },
    );
    assert.equal(world.now - start, 600_000);
    assert.deepEqual(world.notes, ["Slot green is waited for: 1 of 10 pods are ready."]);
    world.onSleep = () => scaleTo(world.api, "text", "green", 10);
    assert.equal((await promote(world.desk(), "", async () => [])).kind, "done");
    scaleTo(world.api, "text", "blue", 10, 0);
    const down = world.now;
    world.fill("blue", { version: "6" });
    await assert.rejects(
      promote(world.desk(), "", async () => []),
      /slot blue of `text` is not ready: 0 of 10 pods are ready/,
    );
    assert.equal(world.now, down, "one without any pod that answers is refused at once");
  });

  it("stands still, and says so, where it would go back to a slot that does not answer", async () => {
    given({ strategy: canary, gates: [errors] });
    const measure: WalkSettings["measure"] = async () => {
      scaleTo(world.api, "text", "blue", 2, 0);
      return [outcome("failed")];
    };
    const end = await walk(world.desk(), settings({ measure }));
    assert.deepEqual(
      [end.result, end.sentence],
      [
        "failed",
        'gate "errors": the error rate is 5 %, more than 1 %; no pod of slot blue of `text` answers (0 of 2 pods are ready), and green does: traffic stays where it is; `slipway rollback text --force` moves it all the same',
      ],
    );
    assert.deepEqual(weightsIn(world.api)[0], { blue: 90, green: 10 });
  });

  it("stops waiting for a way back on a signal", async () => {
    given({ strategy: canary, gates: [errors] });
    let failedAt = 0;
    const measure: WalkSettings["measure"] = async () => {
      scaleTo(world.api, "text", "blue", 2, 0);
      failedAt = world.now;
      world.onSleep = () => stop.abort();
      return [outcome("failed")];
    };
    const end = await walk(world.desk(), settings({ measure }));
    assert.equal(end.result, "failed");
    assert.match(end.sentence, /^gate "errors": .*; no pod of slot blue of `text` answers/);
    assert.equal(world.now - failedAt, 2_000);
  });

  it("stops between steps on a signal, and goes on with the same command", async () => {
    given({ strategy: canary });
    world.onSleep = () => stop.abort();
    const end = await walk(world.desk(), settings());
    assert.equal(end.result, "interrupted");
    assert.equal(
      end.sentence,
      "interrupted; traffic stays where it is: `slipway rollout text` goes on, `slipway rollback text` goes back",
    );
    assert.deepEqual(weightsIn(world.api)[0], { blue: 90, green: 10 });
    stop = new AbortController();
    world.onSleep = () => {};
    assert.equal((await walk(world.desk(), settings())).result, "promoted");
    assert.ok(
      world.notes[0]!.startsWith("Going on with the rollout that ana@ci started at 2026-03-01T12:00:00"),
    );
  });

  it("goes back on a signal where that was asked for", async () => {
    given({ strategy: canary });
    world.onSleep = () => stop.abort();
    const end = await walk(world.desk(), settings({ onInterrupt: "rollback" }));
    assert.equal(end.result, "rolled-back");
    assert.deepEqual(weightsIn(world.api)[0], { blue: 100, green: 0 });
  });

  it("goes on by the weights where another machine began", async () => {
    given({
      strategy: canary,
      traffic: { live: "blue", weights: { blue: 90, green: 10 }, mirror: 0, standby: "warm" },
    });
    assert.equal((await walk(world.desk(), settings({ keepWarm: true }))).result, "promoted");
    assert.deepEqual(actions(), ["step 50", "promoted 100"]);
  });

  it("takes weights between two steps, which it finds when it begins, for nobody's doing", async () => {
    given({
      strategy: canary,
      gates: [errors],
      traffic: { live: "blue", weights: { blue: 85, green: 15 }, mirror: 0, standby: "warm" },
    });
    assert.equal((await walk(world.desk(), settings({ keepWarm: true }))).result, "promoted");
    assert.deepEqual(actions(), ["step 50", "promoted 100"]);
  });

  it("waits for a person's word, which `promote` gives", async () => {
    given({ strategy: canary, gates: [{ kind: "approval", name: "change-board" }] });
    const end = await walk(world.desk(), settings());
    assert.equal(end.result, "approval");
    assert.equal(
      end.sentence,
      "`change-board` needs a person's word: `slipway promote text` gives it, `slipway abort text` ends the rollout",
    );
    assert.deepEqual(weightsIn(world.api)[0], { blue: 50, green: 50 });
    assert.equal((await promote(world.desk(), "CHG-1", async () => [])).kind, "done");
    assert.deepEqual(weightsIn(world.api)[0], { blue: 0, green: 100 });
    assert.equal(world.entries.at(-1)!.why, "CHG-1");
  });

  it("needs no word that was given", async () => {
    given({ strategy: canary, gates: [{ kind: "approval", name: "change-board" }] });
    assert.equal((await walk(world.desk(), settings({ approve: true, keepWarm: true }))).result, "promoted");
  });

  it("stops when somebody else rolls back", async () => {
    given({ strategy: canary });
    let isBack: Promise<unknown> | undefined;
    world.onSleep = () => (isBack ??= goBack(world.desk(), "rollback", "customers call", world.now));
    const desk = world.desk();
    const sleep = desk.clock.sleep;
    desk.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      await isBack;
    };
    const end = await walk(desk, settings());
    assert.equal(end.result, "taken-over");
    assert.equal(end.sentence, "`slipway rollback` of ana@ci took the service over; this one stops");
    assert.deepEqual(weightsIn(world.api)[0], { blue: 100, green: 0 });
    assert.deepEqual(actions(), ["rollout-started 0", "step 10", "rolled-back 0"]);
  });

  it("does not win against a rollback that comes in the middle of its update", async () => {
    given({ strategy: canary });
    let back: Promise<unknown> | undefined;
    world.onUpdate = ({ weights }) => {
      // The engine has read its configuration; what it writes from here on is the step's.
      if (weights.green === 50) back ??= goBack(world.desk(), "rollback", "customers call", world.now);
    };
    const end = await walk(world.desk(), settings());
    await back;
    assert.equal(end.result, "taken-over");
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
    assert.deepEqual(world.declared!.weights, { blue: 100, green: 0 });
    assert.equal(world.entries.at(-1)!.action, "rolled-back");
  });

  it("leaves everything to a rollback that waits while a promotion's update is on", async () => {
    given({
      strategy: canary,
      traffic: { live: "blue", weights: { blue: 90, green: 10 }, mirror: 0, standby: "warm" },
    });
    const desk = world.desk();
    const engine = desk.engine();
    let back: Promise<unknown> | undefined;
    const update: typeof engine.update = async (service, title) => {
      const outputs = await engine.update(service, title);
      back = goBack(world.desk(), "rollback", "customers call", world.now);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      return outputs;
    };
    desk.engine = () => ({ ...engine, update });
    await assert.rejects(
      promote(desk, "", async () => []),
      { message: "`slipway rollback` of ana@ci took the service over; this one stops" },
    );
    await back;
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
    assert.deepEqual(actions(), ["rolled-back 0"]);
  });

  it("does not keep traffic from a rollback until its update has ended", async () => {
    given({ strategy: canary });
    const desk = world.desk();
    const engine = desk.engine();
    let back: Promise<unknown> | undefined;
    const update: typeof engine.update = async (service, title) => {
      const outputs = await engine.update(service, title);
      if (!title.includes("50 %")) return outputs;
      back = goBack(world.desk(), "rollback", "customers call", world.now);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
      // As late as that the engine writes the last of the routes.
      await engine.update(service, title);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
      return outputs;
    };
    desk.engine = () => ({ ...engine, update });
    assert.equal((await walk(desk, settings())).result, "taken-over");
    await back;
    assert.equal(world.entries.at(-1)!.action, "rolled-back");
  });

  it("copies requests for a time and promotes nothing", async () => {
    given({ strategy: { kind: "shadow", percent: 25 } });
    const mirrors = new Set<number>();
    world.onSleep = () => {
      const { rules } = world.api.get("HTTPRoute", "text")!.spec as {
        rules: { filters?: { requestMirror?: { percent: number } }[] }[];
      };
      mirrors.add(rules[0]!.filters?.find(({ requestMirror }) => requestMirror)?.requestMirror?.percent ?? 0);
    };
    const end = await walk(world.desk(), settings({ observe: 20 }));
    assert.deepEqual([end.result, [...mirrors]], ["finished", [25]]);
    assert.equal(world.declared!.mirror, 0);
    assert.equal(world.declared!.live, "blue");
  });

  it("sets the share of an A/B test and leaves the decision to a person", async () => {
    given({ strategy: { kind: "abTest", share: 40 } });
    const end = await walk(world.desk(), settings({ observe: 10 }));
    assert.equal(end.result, "approval");
    assert.deepEqual(weightsIn(world.api)[0], { blue: 60, green: 40 });
  });

  it("leaves traffic where it was when the update before the first step fails", async () => {
    given({
      strategy: canary,
      traffic: { live: "blue", weights: { blue: 100, green: 0 }, mirror: 0, standby: "cold" },
    });
    world.onUpdate = () => {
      throw new Error("gate `labelled-set`: accuracy is 0.71, less than 0.8");
    };
    const end = await walk(world.desk(), settings());
    assert.equal(end.result, "failed");
    assert.equal(
      end.sentence,
      "gate `labelled-set`: accuracy is 0.71, less than 0.8; traffic is where it was: 100 % blue, 0 % green",
    );
    assert.equal(world.declared!.standby, "cold");
    assert.equal(world.journal.read(), undefined);
  });

  it("goes back when the update of a later step fails", async () => {
    given({ strategy: canary });
    world.onUpdate = ({ weights }) => {
      if (weights.green === 50) throw new Error("the engine broke");
    };
    const end = await walk(world.desk(), settings());
    assert.deepEqual(
      [end.result, end.sentence],
      ["rolled-back", "the engine broke; all traffic of `text` is on blue, which is live"],
    );
  });

  it("stays with a good promotion when the old slot cannot be let go, and lets it go with the same command", async () => {
    given({ strategy: canary, gates: [errors] });
    world.onUpdate = ({ standby }) => {
      if (standby !== "cold") return;
      scaleTo(world.api, "text", "blue", 0);
      throw new Error("deleting the autoscaler: i/o timeout");
    };
    const end = await walk(world.desk(), settings());
    assert.deepEqual(
      [end.result, end.sentence],
      [
        "failed",
        "green of `text` is live; blue could not be let go: deleting the autoscaler: i/o timeout; `slipway rollout text` again does it",
      ],
    );
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 0, green: 100 });
    assert.equal(actions().at(-1), "promoted 100");
    assert.equal(world.declared!.standby, "warm", "the next update of anything leaves the way back its pods");
    world.onUpdate = () => {};
    assert.equal((await walk(world.desk(), settings())).result, "promoted");
    assert.equal(actions().at(-1), "scaled-down 100");
    assert.equal(world.declared!.standby, "cold");
  });

  it("makes the old slot ready before it goes back to it", async () => {
    given({ strategy: canary });
    world.onUpdate = ({ standby }) => {
      if (standby !== "cold") return;
      scaleTo(world.api, "text", "blue", 0);
      stop.abort();
      throw new Error("deleting the autoscaler: i/o timeout");
    };
    const podsAtMove = new Set<unknown>();
    world.api.beforeWrite = (path) => {
      if (path.includes("routes/")) podsAtMove.add(world.api.get("Deployment", "text-blue")!.spec!.replicas);
    };
    const end = await walk(world.desk(), settings({ onInterrupt: "rollback" }));
    assert.equal(
      end.sentence,
      "the rollout was interrupted; all traffic of `text` is on blue, which is live",
    );
    assert.deepEqual([...podsAtMove], [2]);
    assert.ok(world.notes.includes("blue has no pods: it is made ready first."));
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
    assert.deepEqual(actions().slice(-3), ["promoted 100", "step 100", "rolled-back 0"]);
  });

  it("is what it was before where the old slot does not become ready for the way back", async () => {
    given({ strategy: canary });
    world.onUpdate = ({ standby }) => {
      if (standby !== "cold") return;
      scaleTo(world.api, "text", "blue", 0);
      stop.abort();
      throw new Error("deleting the autoscaler: i/o timeout");
    };
    const desk = world.desk();
    const engine = desk.engine();
    const update: typeof engine.update = async (service, title) => {
      const outputs = await engine.update(service, title);
      if (title.includes("made ready again")) scaleTo(world.api, "text", "blue", 2, 0);
      return outputs;
    };
    desk.engine = () => ({ ...engine, update });
    const end = await walk(desk, settings({ onInterrupt: "rollback" }));
    assert.equal(end.result, "failed", end.sentence);
    assert.match(end.sentence, /^the rollout was interrupted; no pod of slot blue of `text` answers/);
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 0, green: 100 });
    assert.equal(world.journal.read()?.command, "rollout");
    stop = new AbortController();
    world.onUpdate = () => {};
    assert.equal((await walk(world.desk(), settings())).result, "promoted");
    assert.equal(actions().at(-1), "scaled-down 100");
  });

  it("has nothing to do once it is promoted, until there is another candidate", async () => {
    given({ strategy: canary });
    await walk(world.desk(), settings({ keepWarm: true }));
    const again = await walk(world.desk(), settings());
    assert.deepEqual(
      [again.result, again.sentence],
      [
        "finished",
        "green of `text` was promoted already, and blue holds what was live before; `slipway rollback text` goes back to it",
      ],
    );
  });
});
