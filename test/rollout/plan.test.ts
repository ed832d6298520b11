import assert from "node:assert/strict";
import { planAbort, planPromotion, planRollback, planRollout, type Decision } from "../../rollout/plan";
import type { Action } from "../../rollout/record/entry";
import { openJournal, settledState, unrecordedWeights } from "../../rollout/situation";
import { promotion, retreat, walkOf } from "../../rollout/plan-walk";
import { candidateShare, initialState } from "../../rollout/traffic-state";
import { journal, situation, slot, state } from "./support/situation";

const steps = (decision: Decision) => {
  assert.equal(decision.kind, "go", decision.kind === "go" ? "" : decision.why);
  return decision.kind === "go" ? decision.steps : [];
};
const why = (decision: Decision) => {
  assert.notEqual(decision.kind, "go");
  return decision.kind === "go" ? "" : decision.why;
};

const OUTDATED = "2 pods are from before its last change";
const REFUSED_OUTDATED =
  "slot green of `text` is not what was declared last: 2 pods are from before its last change; `npm run up` says why, or ends what is under way";

describe("planPromotion", () => {
  it("gives the other slot all traffic and makes it live", () => {
    assert.deepEqual(steps(planPromotion(situation())), [promotion("green")]);
    assert.deepEqual(steps(planPromotion(situation({ configured: state("green", 100) }))), [
      promotion("blue"),
    ]);
  });

  for (const [name, given, sentence] of [
    [
      "a candidate that is not ready",
      situation({
        slots: {
          blue: slot("blue"),
          green: slot("green", { ready: false, detail: "0 of 2 pods are ready" }),
        },
      }),
      "slot green of `text` is not ready: 0 of 2 pods are ready",
    ],
    [
      "a candidate whose last change did not become ready, though its older pods are",
      situation({ slots: { blue: slot("blue"), green: slot("green", { outdated: OUTDATED }) } }),
      REFUSED_OUTDATED,
    ],
    [
      "an empty slot",
      situation({ slots: { blue: slot("blue"), green: slot("green", { filled: false, ready: false }) } }),
      "slot green of `text` is empty; give the rollout a candidate and run `npm run up`",
    ],
    [
      "weights that somebody else moved",
      situation({ green: 30 }),
      "HTTPRoute text sends 70 % to blue, 30 % to green; recorded is 100 % to blue, 0 % to green: somebody else moved it; `slipway rollback text` sends all traffic to blue",
    ],
    [
      "a rollback that was cut off",
      situation({ journal: journal("rollback", [retreat("blue", "rolled-back")]) }),
      "`slipway rollback text` was cut off; the same command again brings it to its end",
    ],
    [
      "weights that are Flagger's",
      situation({ driver: "flagger" }),
      "the weights of `text` are Flagger's (`driver: flagger`); change its Canary instead",
    ],
    [
      "a cluster without its routes",
      situation({ routes: [] }),
      "the cluster has no routes of `text`; `npm run up` makes them again",
    ],
  ] as const) {
    it(`refuses ${name}`, () => {
      const decision = planPromotion(given);
      assert.deepEqual([decision.kind, why(decision)], ["refused", sentence]);
    });
  }

  it("says that it is done where the other slot holds what was live before, and goes on with a new candidate", () => {
    const done = journal("promote", [promotion("green")], 1);
    const after = situation({ configured: state("green", 100), journal: done });
    assert.equal(planPromotion(after).kind, "nothing");
    const filled = {
      ...after,
      slots: { ...after.slots, blue: slot("blue", { content: "blue, other models" }) },
    };
    assert.deepEqual(steps(planPromotion(filled)), [promotion("blue")]);
  });

  it("says so on a machine that has the record alone, for a rollout too", () => {
    const contents = { blue: "i blue", green: "i green" };
    const slots = { blue: slot("blue", { content: "i blue" }), green: slot("green", { content: "i green" }) };
    const lastSwitch = { action: "promoted", live: "green", contents } as const;
    const after = situation({ configured: state("green", 100), lastSwitch, slots });
    for (const decision of [planPromotion(after), planRollout(after)]) assert.equal(decision.kind, "nothing");
    const other = { ...slots, blue: slot("blue", { content: "i other" }) };
    for (const plan of [planPromotion, planRollout])
      assert.equal(plan({ ...after, slots: other }).kind, "go");
  });

  it("makes no candidate live that came while a rollout of another one was in progress", () => {
    const open = journal("rollout", [{ kind: "approval", gate: "board" }]);
    const slots = { blue: slot("blue"), green: slot("green", { content: "green, other models" }) };
    assert.equal(
      why(planPromotion(situation({ journal: open, slots }))),
      "slot green of `text` was filled anew since this rollout began; `slipway abort text` ends it",
    );
  });
});

describe("planRollback", () => {
  const promoted = { action: "promoted", live: "green" } as const;

  it("goes to the live slot while traffic is split or copied", () => {
    for (const configured of [state("blue", 10), state("blue", 0, { mirror: 5 })]) {
      assert.deepEqual(steps(planRollback(situation({ configured }))), [retreat("blue", "rolled-back")]);
    }
  });

  it("goes to the slot before after a promotion, once", () => {
    const configured = state("green", 100);
    assert.deepEqual(steps(planRollback(situation({ configured, lastSwitch: promoted }))), [
      retreat("blue", "rolled-back"),
    ]);
    const back = situation({ lastSwitch: { action: "rolled-back", live: "blue" } });
    assert.equal(
      why(planRollback(back)),
      "all traffic of `text` is on blue and nothing was promoted since: there is nothing to go back to",
    );
  });

  it("never sends anything to a candidate that was not live before", () => {
    assert.equal(planRollback(situation()).kind, "nothing");
    assert.equal(planRollback(situation({ lastSwitch: promoted })).kind, "nothing");
  });

  it("takes back a promotion that was cut off before anything had moved, and one that had moved all", () => {
    const cut = journal("promote", [promotion("green")]);
    for (const green of [0, 40, 100]) {
      const given = situation({ configured: state("green", 100), green, journal: cut });
      assert.deepEqual(settledState(given), initialState("blue"));
      assert.deepEqual(steps(planRollback(given)), [retreat("blue", "rolled-back")]);
    }
  });

  it("takes back a rollout that has moved nothing yet, whatever was promoted before it", () => {
    const open = journal("rollout", [{ kind: "approval", gate: "board" }]);
    const configured = state("blue", 0);
    const lastSwitch = { action: "promoted", live: "blue", contents: { green: "i old" } } as const;
    const given = situation({ configured, journal: open, lastSwitch });
    assert.deepEqual(steps(planRollback(given)), [retreat("blue", "rolled-back")]);
  });

  it("goes back to weights that are recorded, whoever moved them", () => {
    assert.deepEqual(steps(planRollback(situation({ green: 100 }))), [retreat("blue", "rolled-back")]);
  });
});

describe("unrecordedWeights", () => {
  const recorded = (action: Action, green: number, mirror = 0) => {
    const to = { blue: 100 - green, green };
    return situation({ green: 50, lastMove: { sequence: 3, action, by: "bo", live: "blue", to, mirror } });
  };

  it("are those that no entry explains", () => {
    for (const action of ["promoted", "rolled-back", "step"] as const)
      assert.deepEqual(unrecordedWeights(recorded(action, 0)), {
        from: { blue: 100, green: 0 },
        to: { blue: 50, green: 50 },
      });
    assert.equal(unrecordedWeights(recorded("rolled-back", 50)), undefined);
  });

  it("are nobody's while a walk is on elsewhere, which records what it has moved", () => {
    for (const given of [recorded("rollout-started", 0), recorded("step", 10), recorded("step", 0, 20)])
      assert.equal(unrecordedWeights(given), undefined);
  });
});

describe("a slot that still has pods from before its last change", () => {
  const outdated = {
    blue: slot("blue", { outdated: OUTDATED }),
    green: slot("green", { outdated: OUTDATED }),
  };

  it("begins no rollout", () => {
    const decision = planRollout(situation({ slots: outdated }));
    assert.deepEqual([decision.kind, why(decision)], ["refused", REFUSED_OUTDATED]);
  });

  it("is a way back all the same: it answers", () => {
    const configured = state("blue", 20);
    const decision = planRollback(situation({ configured, slots: outdated }));
    assert.deepEqual(steps(decision), steps(planRollback(situation({ configured }))));
  });
});

describe("planAbort and planRollout", () => {
  it("ends what is in progress, and keeps the standby as it is", () => {
    const configured = state("blue", 25);
    assert.deepEqual(steps(planAbort(situation({ configured }))), [retreat("blue", "aborted")]);
    assert.equal(why(planAbort(situation())), "no rollout of `text` is in progress: all traffic is on blue");
  });

  it("begins with a cold candidate, which its first step wakes", () => {
    const slots = { blue: slot("blue"), green: slot("green", { ready: false, cold: true }) };
    assert.equal(planRollout(situation({ slots })).kind, "go");
    assert.equal(planPromotion(situation({ slots })).kind, "refused");
  });

  it("refuses to go on with another candidate than it began with", () => {
    const open = journal("rollout", walkOf({ kind: "canary" }, [], initialState("blue")), 3);
    const slots = { blue: slot("blue"), green: slot("green", { content: "other" }) };
    const configured = state("blue", 5);
    assert.equal(
      why(planRollout(situation({ configured, journal: open, slots }))),
      "slot green of `text` was filled anew since this rollout began; `slipway abort text` ends it",
    );
  });
});

describe("a rollout that waits to let the old slot go", () => {
  const walk = walkOf({ kind: "canary", stepWeights: [10] }, [], initialState("blue"));
  const waiting = journal(
    "rollout",
    walk,
    walk.findIndex(({ kind }) => kind === "wait"),
  );
  const promoted = situation({ configured: state("green", 100), journal: waiting });

  it("goes on, and can be taken back", () => {
    assert.equal(openJournal(promoted), waiting);
    assert.deepEqual(steps(planRollback(promoted)), [retreat("blue", "rolled-back")]);
    assert.equal(planPromotion(promoted).kind, "nothing");
  });

  it("is over when that slot holds the next candidate, which must not be let go", () => {
    const filled = {
      ...promoted,
      slots: { ...promoted.slots, blue: slot("blue", { content: "version 6" }) },
    };
    assert.equal(openJournal(filled), undefined);
    assert.equal(planRollout(filled).kind, "go");
    assert.deepEqual(steps(planPromotion(filled)), [promotion("blue")]);
  });
});

describe("walkOf", () => {
  it("watches a switch at once only where gates measure, and counts that into the delay", () => {
    const gate = { kind: "errorRate", name: "errors" } as const;
    const kinds = (gates: readonly (typeof gate)[]) =>
      walkOf({ kind: "blueGreen", scaleDownDelay: 100 }, gates, initialState("blue")).map((step) =>
        step.kind === "move" ? step.action : `${step.kind} ${"seconds" in step ? step.seconds : ""}`,
      );
    assert.deepEqual(kinds([]), ["rollout-started", "promoted", "wait 100", "scaled-down"]);
    assert.deepEqual(kinds([gate]), ["rollout-started", "promoted", "watch 60", "wait 40", "scaled-down"]);
  });

  it("never gives weights that do not sum to 100", () => {
    for (const strategy of [
      { kind: "canary" },
      { kind: "abTest" },
      { kind: "shadow" },
      { kind: "blueGreen" },
    ] as const) {
      for (const step of walkOf(strategy, [], initialState("green"))) {
        if (step.kind === "move") assert.equal(step.to.weights.blue + step.to.weights.green, 100);
      }
    }
    assert.deepEqual(candidateShare("green", 30), { blue: 30, green: 70 });
  });
});
