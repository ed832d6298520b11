import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Desk } from "../../../cli/rollout/desk";
import { promote } from "../../../cli/rollout/promote";
import { appendSwitch } from "../../../cli/rollout/record-store";
import { goBack } from "../../../cli/rollout/retreat";
import { walk } from "../../../cli/rollout/walk";
import type { WalkSettings } from "../../../cli/rollout/walk-end";
import type { Strategy } from "../../../rollout/declaration";
import type { ArmReader } from "../../../rollout/experiment/arm-reading";
import { proportion } from "../../../rollout/experiment/observations";
import { FakeWorld } from "./support/fake-desk";
import { applyState, NAMESPACE, SIGNING_KEY, weightsIn } from "./support/fake-service";

const canary: Strategy = { kind: "canary", stepWeights: [10, 50], interval: 10, scaleDownDelay: 30 };
const BLUE = { blue: 100, green: 0 };
const GREEN = { blue: 0, green: 100 };
const TAKEN =
  "`slipway rollback` of bo@laptop on another machine took the service over; this one stops; take the Pulumi.onprem.yaml that it wrote";

describe("a walk whose traffic another machine switches", () => {
  let world: FakeWorld;
  let stop: AbortController;
  const dirs: string[] = [];
  afterEach(() => {
    world.end();
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });
  const given = (strategy: Strategy = canary) => {
    world = new FakeWorld({ strategy });
    stop = new AbortController();
  };

  /** A command's view from a machine with none of this one's files, and a lock of its own. */
  const elsewhere = (): Desk => {
    const here = process.env.SLIPWAY_STATE_DIR;
    process.env.SLIPWAY_STATE_DIR = mkdtempSync(join(tmpdir(), "slipway-elsewhere-"));
    dirs.push(process.env.SLIPWAY_STATE_DIR);
    try {
      return { ...world.desk(), by: "bo@laptop", exclusively: (_name, work) => work() };
    } finally {
      process.env.SLIPWAY_STATE_DIR = here;
    }
  };
  const rollback = () => goBack(elsewhere(), "rollback", "customers call", world.now);

  /** This machine, where `deed` is done elsewhere while it sleeps, once `isDue`. */
  const here = (isDue: () => boolean, deed: () => Promise<unknown>): Desk => {
    const desk = world.desk();
    const { sleep } = desk.clock;
    let isDone = false;
    desk.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (isDone || !isDue()) return;
      isDone = true;
      await deed();
    };
    return { ...desk, store: stored(desk) };
  };
  const stored = ({ store }: Desk) => ({
    read: () => store.read(),
    write: store.write,
    noteHead: store.noteHead,
    headOf: store.headOf,
    sharedFile: "Pulumi.onprem.yaml",
  });
  const settings = (more: Partial<WalkSettings> = {}): WalkSettings => ({
    why: "release 5",
    signal: stop.signal,
    measure: async () => [],
    ...more,
  });
  const share = () => weightsIn(world.api)[0]!.green;
  const actions = () => world.entries.map(({ action, to }) => `${action} ${to.green}`);
  const assertAll = (wanted: typeof BLUE) => {
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, wanted);
  };

  it("stops while a step is watched", async () => {
    given();
    const end = await walk(
      here(() => share() === 10, rollback),
      settings(),
    );
    assert.deepEqual([end.result, end.sentence], ["taken-over", TAKEN]);
    assertAll(BLUE);
    assert.deepEqual(actions(), ["rollout-started 0", "step 10", "rolled-back 0"]);
    assert.equal(world.journal.read(), undefined, "no later command goes on with it");
  });

  it("stops while the old slot is kept warm, which is then live", async () => {
    given();
    const end = await walk(
      here(() => share() === 100, rollback),
      settings(),
    );
    assert.deepEqual([end.result, end.sentence], ["taken-over", TAKEN]);
    assertAll(BLUE);
    assert.equal(world.api.get("Deployment", "text-blue")!.spec!.replicas, 2);
    assert.equal(actions().at(-1), "rolled-back 0");
  });

  it("stops while an A/B test looks at its users", async () => {
    given({ kind: "abTest", metric: { kind: "proportion" }, baseline: 0.1, minimumEffect: 0.02 });
    const arms: ArmReader = {
      read: async (_metric, _name, since, now) => {
        const count = Math.round((now - since) / 60);
        const arm = proportion(Math.round(0.1 * count), count);
        return { arms: { live: arm, candidate: arm } };
      },
    };
    const end = await walk(
      here(() => share() === 50, rollback),
      settings({ arms }),
    );
    assert.deepEqual([end.result, end.sentence], ["taken-over", TAKEN]);
    assertAll(BLUE);
  });

  it("stops where the routes are as they were by now: the record has the switches", async () => {
    given();
    const away = async () => {
      await rollback();
      applyState(world.api, world.rollout, {
        live: "blue",
        weights: { blue: 90, green: 10 },
        mirror: 0,
        standby: "warm",
      });
    };
    const end = await walk(
      here(() => share() === 10, away),
      settings(),
    );
    assert.deepEqual([end.result, end.sentence], ["taken-over", TAKEN]);
  });

  it("does not take a promotion back when it is interrupted", async () => {
    given();
    const deed = async () => {
      await promote(elsewhere(), "at once", async () => []);
      stop.abort();
    };
    const end = await walk(
      here(() => share() === 50, deed),
      settings({ onInterrupt: "rollback" }),
    );
    assert.equal(end.result, "taken-over");
    assert.ok(
      end.sentence.startsWith("a command of bo@laptop (`promoted`) on another machine took"),
      end.sentence,
    );
    assertAll(GREEN);
  });

  it("gives a switch that is not recorded yet a minute, and stops by the routes", async () => {
    given();
    let seconds = 0;
    const moved = async () => {
      seconds = world.now;
      applyState(world.api, world.rollout, { live: "blue", weights: BLUE, mirror: 0, standby: "warm" });
    };
    const end = await walk(
      here(() => share() === 10, moved),
      settings(),
    );
    const difference =
      "HTTPRoute text sends 100 % to blue, 0 % to green; recorded is 90 % to blue, 10 % to green: somebody else moved it";
    assert.deepEqual(
      [end.result, end.sentence],
      ["taken-over", `${difference}, and this one stops; \`slipway status text\` shows what is so`],
    );
    assert.deepEqual(world.notes, [`${difference}; the record is given time to say who.`]);
    assert.equal((world.now - seconds) / 1000, 60);
    assertAll(BLUE);
  });

  it("sends traffic where a rollback sent it that came between its last look and its update", async () => {
    given();
    const desk = world.desk();
    const engine = desk.engine();
    const update: typeof engine.update = async (service, title) => {
      if (title.includes("50 %")) await rollback();
      world.now += 1000;
      return engine.update(service, title);
    };
    desk.engine = () => ({ ...engine, update });
    const end = await walk(desk, settings());
    assert.deepEqual(
      [end.result, end.sentence],
      [
        "taken-over",
        "`slipway rollback` of bo@laptop on another machine took the service over; this one stops; all traffic of `text` is on blue, which is live",
      ],
    );
    assertAll(BLUE);
    assert.deepEqual(actions(), ["rollout-started 0", "step 10", "rolled-back 0", "rolled-back 0"]);
  });

  /** A rollback elsewhere in the middle of this machine's update, which has the stack. */
  const stackLocked = async (isKeyAtHand: boolean) => {
    given();
    const desk = world.desk();
    const engine = desk.engine();
    let said = "";
    const update: typeof engine.update = async (service, title) => {
      if (title.includes("50 %")) {
        const other = elsewhere();
        const locked = async () => {
          throw new Error("the stack is currently locked by 1 lock(s)");
        };
        other.engine = () => ({ ...engine, update: locked });
        if (!isKeyAtHand) other.signingKey = () => undefined;
        world.now += 1000;
        await goBack(other, "rollback", "customers call", world.now).catch(
          (error: Error) => (said = error.message),
        );
        world.now += 1000;
      }
      return engine.update(service, title);
    };
    desk.engine = () => ({ ...engine, update });
    return { end: await walk(desk, settings()), said };
  };

  for (const isKeyAtHand of [true, false]) {
    it(`yields to a rollback that could not update the stack, with its key ${isKeyAtHand ? "at hand" : "in the stack alone"}`, async () => {
      const { end, said } = await stackLocked(isKeyAtHand);
      assert.equal(
        said,
        "all traffic of `text` is on blue and the record says so, but the stack could not be updated: the stack is currently locked by 1 lock(s); `slipway rollback text` again does it",
      );
      assert.equal(end.result, "taken-over");
      assertAll(BLUE);
      assert.deepEqual(actions(), ["rollout-started 0", "step 10", "rolled-back 0", "rolled-back 0"]);
    });
  }

  it("takes a promotion back that another machine's switch came before", async () => {
    given();
    const desk = world.desk();
    const engine = desk.engine();
    const update: typeof engine.update = async (service, title) => {
      if (title.includes("promoted")) await abortElsewhere();
      return engine.update(service, title);
    };
    const abortElsewhere = async () => {
      const place = { namespace: NAMESPACE, service: "text", record: "text-rollout-record" };
      const what = {
        service: "text",
        at: new Date(world.now).toISOString(),
        by: "bo@laptop",
        why: "",
      } as const;
      const back = {
        ...what,
        action: "rolled-back",
        live: "blue",
        from: BLUE,
        to: BLUE,
        digests: {},
        gates: [],
      } as const;
      await appendSwitch(elsewhere().cluster, place, back, { since: what.at }, SIGNING_KEY);
    };
    desk.engine = () => ({ ...engine, update });
    await assert.rejects(
      promote(desk, "", async () => []),
      /^SlipwayError: .*`slipway rollback` of bo@laptop on another machine took the service over; this one stops; all traffic of `text` is on blue, which is live$/,
    );
    assertAll(BLUE);
    assert.ok(!actions().some((action) => action.startsWith("promoted")));
  });

  it("goes on where another machine only noted what it did not do", async () => {
    given();
    const refused = async () => {
      const place = { namespace: NAMESPACE, service: "text", record: "text-rollout-record" };
      const { at, why, live, from, to, digests } = world.entries.at(-1)!;
      const what = { service: "text", by: "bo@laptop", action: "refused", gates: [] } as const;
      const entry = { ...what, at, why, live, from, to, digests };
      await appendSwitch(elsewhere().cluster, place, entry, { since: at }, SIGNING_KEY);
    };
    const end = await walk(
      here(() => share() === 10, refused),
      settings({ keepWarm: true }),
    );
    assert.equal(end.result, "promoted");
    assert.ok(actions().includes("refused 10"));
  });
});
