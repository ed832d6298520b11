import assert from "node:assert/strict";
import type { Slot } from "../../rollout/declaration";
import {
  differences,
  openJournal,
  planAbort,
  planPromotion,
  planRollback,
  planRollout,
  settledState,
  type Decision,
  type Situation,
} from "../../rollout/plan";
import { declaredProblem } from "../../rollout/plan-declared";
import {
  advanced,
  begin,
  stateAfter,
  stateBefore,
  type Journal,
  type Step,
} from "../../rollout/plan-journal";
import { promotion, resumeAt, retreat, walkOf } from "../../rollout/plan-walk";
import { allTo, candidateShare, initialState, type TrafficState } from "../../rollout/traffic-state";

const state = (live: Slot, green: number, more: Partial<TrafficState> = {}): TrafficState => ({
  live,
  weights: { blue: 100 - green, green },
  mirror: 0,
  standby: "warm",
  ...more,
});
const slot = (name: Slot, more: object = {}) => ({
  filled: true,
  ready: true,
  cold: false,
  content: name,
  detail: "2 of 2 pods are ready",
  ...more,
});

function situation(more: Partial<Situation> & { green?: number } = {}): Situation {
  const { green, ...rest } = more;
  const configured = rest.configured ?? initialState("blue");
  const share = green ?? configured.weights.green;
  return {
    service: "text",
    driver: "pulumi",
    configured,
    routes: ["HTTPRoute text", "GRPCRoute text"].map((name) => ({
      name,
      weights: { blue: 100 - share, green: share },
      mirror: configured.mirror,
    })),
    slots: { blue: slot("blue"), green: slot("green") },
    ...rest,
  };
}

function journal(command: Journal["command"], steps: readonly Step[], cursor = 0): Journal {
  return begin({
    id: "1",
    service: "text",
    command,
    by: "ana",
    why: "release",
    startedAt: "2026-03-01T12:00:00.000Z",
    origin: initialState("blue"),
    candidate: "green",
    contents: { blue: "blue", green: "green" },
    steps,
    cursor,
  });
}

const steps = (decision: Decision) => {
  assert.equal(decision.kind, "go", decision.kind === "go" ? "" : decision.why);
  return decision.kind === "go" ? decision.steps : [];
};
const why = (decision: Decision) => {
  assert.notEqual(decision.kind, "go");
  return decision.kind === "go" ? "" : decision.why;
};

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

  it("goes back to weights that are recorded, whoever moved them", () => {
    assert.deepEqual(steps(planRollback(situation({ green: 100 }))), [retreat("blue", "rolled-back")]);
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

describe("differences", () => {
  it("counts as planned what an unfinished command explains: each route before or after its step", () => {
    const open = journal("promote", [promotion("green")]);
    const routes = [
      { name: "HTTPRoute text", weights: allTo("green"), mirror: 0 },
      { name: "GRPCRoute text", weights: allTo("blue"), mirror: 0 },
    ];
    assert.deepEqual(differences(situation({ routes, journal: open })), []);
    assert.deepEqual(differences(situation({ routes })), [
      "HTTPRoute text sends 0 % to blue, 100 % to green; recorded is 100 % to blue, 0 % to green",
    ]);
  });

  it("finds copies that nobody asked for", () => {
    const routes = [{ name: "HTTPRoute text", weights: allTo("blue"), mirror: 20 }];
    assert.deepEqual(differences(situation({ routes })), [
      "HTTPRoute text copies 20 % of requests; recorded is 0 %",
    ]);
  });
});

describe("a journal", () => {
  it("knows the states before and after each of its steps", () => {
    const walk = walkOf({ kind: "canary", stepWeights: [10, 50] }, [], initialState("blue"), {
      keepWarm: true,
    });
    let current = journal("rollout", walk);
    const seen: string[] = [];
    while (current.cursor < walk.length) {
      seen.push(
        `${walk[current.cursor]!.kind} ${stateBefore(current).weights.green}→${stateAfter(current).weights.green}`,
      );
      current = advanced(current, "2026-03-01T12:01:00.000Z");
    }
    assert.deepEqual(seen, [
      "move 0→0",
      "move 0→10",
      "watch 10→10",
      "move 10→50",
      "watch 50→50",
      "move 50→100",
    ]);
    assert.equal(stateBefore(current).live, "green");
  });

  it("can be joined at the weights that are there", () => {
    const walk = walkOf({ kind: "canary", stepWeights: [10, 25, 50] }, [], initialState("blue"));
    const next = (share: number) => {
      const step = walk[resumeAt(walk, "green", share)];
      return step?.kind === "move" ? step.to.weights.green : step?.kind;
    };
    assert.deepEqual([0, 5, 10, 30, 50].map(next), [0, 0, "watch", "watch", "watch"]);
    assert.deepEqual(walk[resumeAt(walk, "green", 30)], {
      kind: "watch",
      seconds: 60,
      title: "25 % on green",
    });
  });
});

describe("declaredProblem", () => {
  const check = (given: Situation, declared: TrafficState) => declaredProblem(given, declared);

  it("allows no change, the way back, a share for a ready candidate, and a promotion with all traffic", () => {
    const split = situation({ configured: state("blue", 10) });
    for (const [given, declared] of [
      [situation(), state("blue", 0)],
      [situation(), state("blue", 0, { standby: "cold" })],
      [split, state("blue", 0)],
      [split, state("blue", 50)],
      [situation(), state("blue", 5)],
      // A canary that waits for a person does not keep the rest of the stack from being updated.
      [
        situation({
          configured: state("blue", 10),
          journal: journal("rollout", [{ kind: "approval", gate: "board" }]),
        }),
        state("blue", 10),
      ],
      [situation(), state("green", 100)],
      [situation({ driver: "flagger", green: 40 }), state("blue", 0)],
      [situation({ routes: [] }), state("blue", 50)],
    ] as const) {
      assert.equal(check(given, declared), undefined, JSON.stringify(declared));
    }
  });

  const notReady = {
    blue: slot("blue"),
    green: slot("green", { ready: false, detail: "0 of 2 pods are ready" }),
  };
  for (const [name, given, declared, sentence] of [
    [
      "traffic for a slot that is not ready",
      situation({ slots: notReady }),
      state("blue", 10),
      "`text`: the cluster sends 100 % to blue, 0 % to green, and this update declares 90 % to blue, 10 % to green; slot green of `text` is not ready: 0 of 2 pods are ready",
    ],
    [
      "copies for a slot that is not ready",
      situation({ slots: notReady }),
      state("blue", 0, { mirror: 10 }),
      "`text`: the cluster sends 100 % to blue, 0 % to green, and this update declares 100 % to blue, 0 % to green; slot green of `text` is not ready: 0 of 2 pods are ready",
    ],
    [
      "another live slot and a split at once",
      situation(),
      state("green", 40),
      "`text`: the cluster sends 100 % to blue, 0 % to green, and this update declares 60 % to blue, 40 % to green and makes green live: two moves at once; `slipway promote text` makes green live with all traffic",
    ],
    [
      "a promotion that nobody recorded",
      situation({ green: 100 }),
      state("blue", 10),
      "`text`: the cluster sends 0 % to blue, 100 % to green, and this update declares 90 % to blue, 10 % to green, while the last update recorded 100 % to blue, 0 % to green; `slipway rollback text` sends all traffic to blue",
    ],
    [
      "a configuration from before the last switch",
      situation({ configured: state("green", 100), lastSwitch: { action: "promoted", live: "green" } }),
      state("blue", 0),
      "`text`: the cluster sends 0 % to blue, 100 % to green, and this update declares 100 % to blue, 0 % to green; the record's last switch made green live: take the configuration that it wrote, or make blue live with `slipway promote text` or `slipway rollback text`",
    ],
    [
      "no pods for a slot that has traffic",
      situation({ configured: state("blue", 50) }),
      state("blue", 0, { standby: "cold" }),
      "`text`: slot green has 50 % of the traffic, and this update would scale it down; `slipway rollback text` moves the traffic first",
    ],
    [
      "a cold slot with traffic",
      situation(),
      state("blue", 10, { standby: "cold" }),
      "`text`: slot green is declared cold and is to have traffic; a slot with traffic must be warm",
    ],
    [
      "a command that is not at its end",
      situation({ green: 40, journal: journal("promote", [promotion("green")]) }),
      state("green", 100),
      "a `slipway promote text` is not at its end; `slipway promote text` goes on, `slipway rollback text` goes back",
    ],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.equal(check(given, declared), sentence);
    });
  }

  it("refuses the way back to a slot that is not ready", () => {
    const slots = {
      blue: slot("blue", { ready: false, detail: "it is cold: it has no pods" }),
      green: slot("green"),
    };
    const given = situation({ configured: state("blue", 50), slots });
    assert.match(
      check(given, state("blue", 0))!,
      /slot blue of `text` is not ready: it is cold: it has no pods$/,
    );
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
