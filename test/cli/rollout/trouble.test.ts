import assert from "node:assert/strict";
import { goBack } from "../../../cli/rollout/retreat";
import { entryText } from "../../../cli/rollout/show-record";
import { walk } from "../../../cli/rollout/walk";
import type { WalkSettings } from "../../../cli/rollout/walk-end";
import type { Strategy } from "../../../rollout/declaration";
import { FakeWorld } from "./support/fake-desk";
import { weightsIn } from "./support/fake-service";

const canary: Strategy = { kind: "canary", stepWeights: [10], interval: 10 };
const settings = (): WalkSettings => ({
  why: "release 5",
  signal: new AbortController().signal,
  keepWarm: true,
  measure: async () => [],
});

describe("a switch in trouble", () => {
  let world: FakeWorld;
  afterEach(() => world.end());

  describe("with a full disk", () => {
    const full = () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), {
        code: "ENOSPC",
        syscall: "write",
        path: "/state/text.json",
      });
    };

    it("is rolled back all the same, and says that it was not recorded", async () => {
      world = new FakeWorld({
        strategy: canary,
        traffic: { live: "blue", weights: { blue: 90, green: 10 }, mirror: 0, standby: "warm" },
      });
      const desk = world.desk();
      desk.journal.write = full;
      await assert.rejects(goBack(desk, "rollback", "errors", world.now), {
        message:
          "all traffic of `text` is on blue, but that could not be recorded: cannot write /state/text.json (ENOSPC): the disk is full; " +
          "free space, or set SLIPWAY_STATE_DIR and SLIPWAY_CACHE_DIR to folders on a larger disk; then `slipway rollback text` again does it",
      });
      for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
      const done = await goBack(world.desk(), "rollback", "errors", world.now);
      assert.equal(done.kind, "done");
      assert.deepEqual(
        world.entries.map(({ action }) => action),
        ["rolled-back"],
      );
    });
  });

  it("says where traffic is when the way back could be gone and not recorded", async () => {
    world = new FakeWorld({
      strategy: canary,
      traffic: { live: "blue", weights: { blue: 90, green: 10 }, mirror: 0, standby: "warm" },
    });
    const { answer } = world.api;
    world.api.answer = (method, path, options) => {
      const isRecord = method === "PATCH" && path.includes("/configmaps/");
      const body = { kind: "Status", reason: "Forbidden", message: "configmaps is forbidden", code: 403 };
      return isRecord ? { status: 403, body } : answer.call(world.api, method, path, options);
    };
    await assert.rejects(
      goBack(world.desk(), "rollback", "errors", world.now),
      /^SlipwayError: all traffic of `text` is on blue, but that could not be recorded: the record cannot be written: .*forbidden.*; `slipway rollback text` again does it$/,
    );
  });

  describe("with a cluster that does not answer", () => {
    /** Seconds into the walk between which nothing is answered. */
    const walked = async (from: number, to: number) => {
      world = new FakeWorld({ strategy: canary });
      const start = world.now;
      const { answer } = world.api;
      world.api.answer = (...request) => {
        const seconds = (world.now - start) / 1000;
        const isDown = seconds > from && seconds < to;
        const body = { kind: "Status", reason: "Unauthorized", message: "Unauthorized", code: 401 };
        return isDown ? { status: 401, body } : answer.apply(world.api, request);
      };
      return walk(world.desk(), settings());
    };

    it("waits, and goes on when it does", async () => {
      const end = await walked(0, 50);
      assert.equal(end.result, "promoted", end.sentence);
    });

    it("stops undecided after a minute, as when credentials have ended, and says where traffic is", async () => {
      const end = await walked(0, Infinity);
      assert.equal(end.result, "inconclusive");
      assert.match(
        end.sentence,
        /^Unauthorized.*; nothing is known of the candidate, and traffic stays where it is: `slipway rollout text` goes on, `slipway rollback text` goes back$/,
      );
      assert.equal(weightsIn(world.api)[0]!.green, 10);
    });
  });

  for (const [what, leap] of [
    ["goes on", 5_000],
    ["was set back an hour", -3_600_000],
  ] as const) {
    it(`is recorded once, wherever it is killed, though the clock ${what}`, async () => {
      for (let killAt = 1; ; killAt++) {
        world = new FakeWorld({ strategy: { kind: "blueGreen" } });
        const desk = world.desk(killAt);
        await walk(desk, settings()).catch(() => undefined);
        if (desk.deeds() < killAt) break;
        world.now += leap;
        await walk(world.desk(), settings());
        assert.deepEqual(
          world.entries.map(({ action }) => action),
          ["rollout-started", "promoted"],
          `killed at ${killAt}`,
        );
        world.end();
      }
    });
  }

  it("does not let what stands in a record do anything to the terminal that shows it", () => {
    world = new FakeWorld({ strategy: canary });
    const weights = { blue: 100, green: 0 };
    const hostile = "\u001b]0;owned\u0007\u001b[2J";
    const text = entryText({
      service: "text",
      sequence: 1,
      at: hostile,
      by: hostile,
      why: `${hostile}\n   2  2026-01-01  promoted`,
      action: "step",
      live: "blue",
      from: weights,
      to: weights,
      digests: {},
      gates: [{ gate: hostile, verdict: "passed", value: 1, reason: hostile }],
      previous: "",
      hash: "",
      signature: "",
    });
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text.replaceAll(/\u001b\[\d+m/g, ""), /[\u0000-\u0009\u000b-\u001f]/);
    assert.equal(text.split("\n").length, 2);
  });
});
