import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { armsBy, readUsers } from "../../../cli/rollout/arms";
import { look } from "../../../cli/rollout/desk";
import { promote } from "../../../cli/rollout/promote";
import { reportOf } from "../../../cli/rollout/status-report";
import { statusText } from "../../../cli/rollout/status-text";
import { walk } from "../../../cli/rollout/walk";
import type { WalkSettings } from "../../../cli/rollout/walk-end";
import type { AbTestStrategy, Gate } from "../../../rollout/declaration";
import type { ArmReader } from "../../../rollout/experiment/arm-reading";
import { proportion } from "../../../rollout/experiment/observations";
import { FakeWorld } from "./support/fake-desk";
import { weightsIn } from "./support/fake-service";

const strategy: AbTestStrategy = {
  kind: "abTest",
  metric: { kind: "proportion" },
  baseline: 0.1,
  minimumEffect: 0.02,
};
const errors: Gate = { kind: "errorRate", name: "errors" };

describe("walk of an A/B test", () => {
  let world: FakeWorld;
  let stop: AbortController;
  afterEach(() => world.end());
  const given = (change: Partial<AbTestStrategy> = {}, gates: readonly Gate[] = []) => {
    world = new FakeWorld({ strategy: { ...strategy, ...change }, gates });
    stop = new AbortController();
  };

  /** So many users a minute on either side, of whom these shares buy. */
  const users = (live: number, candidate: number, perMinute = 1000): ArmReader => ({
    read: async (_metric, _name, since, now) => {
      const count = Math.round((perMinute * (now - since)) / 60_000);
      const arm = (share: number) => proportion(Math.round(share * count), count);
      return { arms: { live: arm(live), candidate: arm(candidate) } };
    },
  });
  const settings = (arms: ArmReader, more: Partial<WalkSettings> = {}): WalkSettings => ({
    why: "release 5",
    signal: stop.signal,
    measure: async (gates) =>
      gates.map(({ name }) => ({ gate: name, verdict: "passed", value: 0, reason: "the error rate is 0 %" })),
    arms,
    ...more,
  });
  const actions = () => world.entries.map(({ action, to }) => `${action} ${to.green}`);

  it("promotes a candidate that is better, and records by how much", async () => {
    given({}, [errors]);
    const end = await walk(world.desk(), settings(users(0.1, 0.15)));
    assert.equal(end.result, "promoted");
    assert.deepEqual(actions(), ["rollout-started 0", "step 50", "promoted 100"]);
    const { gates } = world.entries.at(-1)!;
    assert.deepEqual(
      gates.map(({ gate, verdict }) => [gate, verdict]),
      [
        ["errors", "passed"],
        ["A/B test", "passed"],
      ],
    );
    assert.ok(Math.abs(gates[1]!.value! - 0.05) < 0.001, String(gates[1]!.value));
    assert.match(
      gates[1]!.reason,
      /^the candidate is better: gain 0\.05\d*, between 0\.\d+ and 0\.\d+ after \d+ users \(p \S+\); live 0\.1 of \d+ users, candidate 0\.15 of \d+$/,
    );
    assert.deepEqual(end.gates, gates);
  });

  it("goes back from a candidate that is worse, and from one that is no better, with the reason", async () => {
    given({ futility: false });
    const worse = await walk(world.desk(), settings(users(0.15, 0.1)));
    assert.equal(worse.result, "rolled-back");
    assert.match(
      worse.sentence,
      /^the A\/B test: the candidate is worse: gain -0\.05, between .*; all traffic of `text` is on blue, which is live$/,
    );
    assert.deepEqual(actions(), ["rollout-started 0", "step 50", "rolled-back 0"]);
    const last = world.entries.at(-1)!;
    assert.match(last.why, /^the A\/B test: the candidate is worse: /);
    assert.equal(last.gates[0]!.verdict, "failed");
    world.end();

    given();
    const same = await walk(world.desk(), settings(users(0.1, 0.1)));
    assert.equal(same.result, "rolled-back");
    assert.match(same.sentence, /^the A\/B test: a gain of 0\.02 is ruled out: gain 0, between /);
  });

  it("goes back when its time is over", async () => {
    given({ maxDuration: 120, interval: 20 });
    const begun = world.now;
    const end = await walk(world.desk(), settings(users(0.1, 0.1, 300)));
    assert.equal(end.result, "rolled-back");
    assert.match(end.sentence, /^the A\/B test: its time of 120 s is over: still unclear: gain 0, /);
    assert.equal((world.now - begun) / 1000, 120);
  });

  it("does not wait for users where a gate fails", async () => {
    given({}, [errors]);
    const measure: WalkSettings["measure"] = async () => [
      { gate: "errors", verdict: "failed", value: 5, reason: "the error rate is 5 %, more than 1 %" },
    ];
    const end = await walk(world.desk(), settings(users(0.1, 0.15), { measure }));
    assert.equal(
      end.sentence,
      'gate "errors": the error rate is 5 %, more than 1 %; all traffic of `text` is on blue, which is live',
    );
  });

  it("asks gates for as long as the test takes, and counts bad answers by ten minutes", async () => {
    given({ maxDuration: 1300, minimumEffect: 0.001 }, [{ ...errors, inconclusiveLimit: 3 }]);
    const begun = world.now;
    const measure: WalkSettings["measure"] = async () => {
      // Nothing is known for half a minute of every ten.
      const known = (world.now - begun) % 600_000 >= 30_000;
      return [{ gate: "errors", verdict: known ? "passed" : "inconclusive", value: null, reason: "no data" }];
    };
    const desk = world.desk();
    desk.clock.sleep = async (ms) => void (world.now += 5 * ms);
    const end = await walk(desk, settings(users(0.1, 0.1, 20), { measure }));
    assert.match(end.sentence, /^the A\/B test: its time of 1300 s is over/);
  });

  it("stands still where nothing can be seen, and goes on with the same command", async () => {
    given({ interval: 10 });
    const arms: ArmReader = { read: async () => ({ nothing: "Prometheus has no data for it" }) };
    const end = await walk(world.desk(), settings(arms));
    assert.equal(end.result, "inconclusive");
    assert.equal(
      end.sentence,
      "Prometheus has no data for it (30 looks in a row); traffic stays where it is: `slipway rollout text` looks again, `slipway abort text` ends the test",
    );
    assert.deepEqual(weightsIn(world.api)[0], { blue: 50, green: 50 });
    assert.equal((await walk(world.desk(), settings(users(0.1, 0.15)))).result, "promoted");
  });

  it("stands still where users do not split as promised", async () => {
    given();
    const arms: ArmReader = {
      read: async () => ({ arms: { live: proportion(100, 1000), candidate: proportion(200, 1400) } }),
    };
    const end = await walk(world.desk(), settings(arms));
    assert.equal(end.result, "inconclusive");
    assert.match(end.sentence, /^the candidate has 58\.3 % of 2400 users where it should have 50 %/);
  });

  it("goes on where it was interrupted: what began it and what it has seen stay", async () => {
    given();
    world.onSleep = () => {
      if (world.journal.read()?.experiment?.state.look) stop.abort();
    };
    const end = await walk(world.desk(), settings(users(0.1, 0.11)));
    assert.equal(end.result, "interrupted");
    const before = world.journal.read()!.experiment!;
    const desk = world.desk();
    const report = reportOf(desk.rollout, await look(desk));
    const { experiment } = report.inProgress!;
    assert.deepEqual(
      [experiment!.arms.live.users, experiment!.minimumUsers, experiment!.maximumUsers, experiment!.decision],
      [before.state.users.live, 300, 13123, null],
    );
    assert.equal(experiment!.pValue, before.state.look!.pValue);
    const text = stripVTControlCharacters(statusText(report));
    assert.match(
      text,
      /A\/B test: live \d+ users \(0\.1\), candidate \d+ users \(0\.11\)\n {2}not decided yet: still unclear: gain 0\.01/,
    );

    stop = new AbortController();
    world.onSleep = () => {};
    world.now += 3_600_000;
    await walk(world.desk(), settings(users(0.1, 0.15)));
    const after = world.journal.read()!.experiment!;
    assert.equal(after.startedAt, before.startedAt);
    assert.equal(after.state.decision, "superior");
    assert.deepEqual(after.design, before.design);
  });

  it("keeps to the test as it began, whatever is declared later", async () => {
    given();
    world.onSleep = () => stop.abort();
    await walk(world.desk(), settings(users(0.1, 0.1)));
    stop = new AbortController();
    world.onSleep = () => {};
    const desk = world.desk();
    desk.rollout = { ...desk.rollout, strategy: { ...strategy, minimumEffect: 0.5 } };
    await walk(desk, settings(users(0.1, 0.1)));
    assert.match(world.entries.at(-1)!.why, /^the A\/B test: a gain of 0\.02 is ruled out/);
  });

  it("keeps the decision for the record where a person's word comes between", async () => {
    given({}, [{ kind: "approval", name: "change-board" }]);
    assert.equal((await walk(world.desk(), settings(users(0.1, 0.15)))).result, "approval");
    await promote(world.desk(), "CHG-1", async () => []);
    const { why, gates } = world.entries.at(-1)!;
    assert.deepEqual([why, gates.map(({ gate }) => gate)], ["CHG-1", ["A/B test"]]);
    assert.match(gates[0]!.reason, /^the candidate is better/);
  });

  it("moves a bandit's weights while it learns, and promotes what has won", async () => {
    given({ bandit: { rebalance: 60, certainty: 0.99 }, interval: 30 });
    const end = await walk(world.desk(), settings(users(0.1, 0.125)));
    assert.equal(end.result, "promoted");
    const shares = world.entries.filter(({ action }) => action === "step").map(({ to }) => to.green);
    assert.ok(shares.length >= 2 && shares[0] === 50 && shares.at(-1)! > 60, JSON.stringify(shares));
    assert.match(
      world.entries.at(-1)!.gates[0]!.reason,
      /^the candidate is the better one with probability 0\.99/,
    );
  });
});

describe("observations in a file", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-users-"));
  after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "users.jsonl");
  const line = (user: string, slot: string, value: number) => JSON.stringify({ user, slot, value });
  const read = (text: string) => {
    writeFileSync(file, text);
    return readUsers(file, "green", { kind: "proportion" }, undefined, 0);
  };

  it("are counted by user", async () => {
    const reading = await read(
      `${line("a", "blue", 1)}\n${line("b", "green", 0)}\n${line("b", "green", 1)}\n`,
    );
    assert.ok("arms" in reading);
    assert.deepEqual([reading.arms.live.count, reading.arms.candidate.mean], [1, 1]);
  });

  it("may be in the middle of their last line, and of no other", async () => {
    const half = await read(`${line("a", "blue", 1)}\n{"user":"b","sl`);
    assert.ok("arms" in half && half.arms.live.count === 1);
    assert.deepEqual(await read(`{"user":"b","sl\n${line("a", "blue", 1)}\n`), {
      nothing: `${file}: line 1: is not JSON`,
    });
    assert.deepEqual(await read(`${line("a", "blue", 1)}\n${line("a", "red", 1)}`), {
      nothing: `${file}: line 2: \`slot\`: "red" must be blue or green`,
    });
  });

  it("are refused at once where there are none", async () => {
    const world = new FakeWorld({ strategy });
    try {
      assert.throws(() => armsBy(world.desk(), undefined, join(dir, "none")), {
        message: `cannot read \`--observations\` ${join(dir, "none")}: there is no such file`,
      });
      assert.throws(() => armsBy(world.desk(), undefined, dir), {
        message: `cannot read \`--observations\` ${dir}: it is no file`,
      });
      writeFileSync(file, `${line("a", "blue", 1)}\n`);
      const reader = armsBy(world.desk(), undefined, file);
      assert.ok("arms" in (await reader.read({ kind: "proportion" }, undefined, 0, 1)));
      assert.deepEqual(await reader.read({ kind: "errorRate" }, undefined, 0, 1), {
        nothing:
          "`users` of the live slot cannot be told: no Prometheus is known; `--prometheus` names its URL",
      });
    } finally {
      world.end();
    }
  });
});
