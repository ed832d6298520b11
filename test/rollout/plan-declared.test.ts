import assert from "node:assert/strict";
import { differences, type Situation } from "../../rollout/situation";
import { declaredProblem, refillProblem } from "../../rollout/plan-declared";
import { advanced, stateAfter, stateBefore } from "../../rollout/plan-journal";
import { promotion, resumeAt, walkOf } from "../../rollout/plan-walk";
import { allTo, initialState, type TrafficState } from "../../rollout/traffic-state";
import { journal, situation, slot, state } from "./support/situation";

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

describe("refillProblem", () => {
  const split = situation({ configured: state("blue", 10) });
  const copied = situation({ configured: state("blue", 0, { mirror: 5 }) });
  const before = { blue: ["ocr/4@a"], green: ["ocr/5@b"] };

  it("keeps a candidate that has traffic, or a copy of it, what it was when it got it", () => {
    const other = { ...before, green: ["ocr/6@c"] };
    assert.equal(
      refillProblem(split, before, other),
      "`text`: slot green has 10 % of the traffic, and this update would give it other models; `slipway abort text` takes that away first",
    );
    assert.match(refillProblem(copied, before, other)!, /slot green has a copy of 5 % of the requests/);
    assert.equal(refillProblem(situation(), before, other), undefined);
  });

  it("lets the live slot's models change in place, and everything whose models are not known", () => {
    assert.equal(refillProblem(split, before, { ...before, blue: ["ocr/6@c"] }), undefined);
    assert.equal(refillProblem(split, before, { ...before }), undefined);
    assert.equal(refillProblem(split, before, {}), undefined);
    assert.equal(refillProblem(split, {}, before), undefined);
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

  it("lets a way back pass to a slot where some pods are missing, and no share to a candidate where they are", () => {
    const detail = "1 of 2 pods are ready";
    const few = (name: "blue" | "green") => slot(name, { ready: false, detail });
    const slots = { blue: few("blue"), green: slot("green") };
    assert.equal(check(situation({ configured: state("blue", 50), slots }), state("blue", 0)), undefined);
    assert.equal(check(situation({ slots }), state("blue", 20)), undefined);
    const given = situation({ slots: { blue: slot("blue"), green: few("green") } });
    assert.match(
      check(given, state("blue", 20))!,
      /slot green of `text` is not ready: 1 of 2 pods are ready$/,
    );
  });

  it("refuses the way back to a slot where no pod answers", () => {
    const slots = {
      blue: slot("blue", { ready: false, answers: false, detail: "it is cold: it has no pods" }),
      green: slot("green"),
    };
    const given = situation({ configured: state("blue", 50), slots });
    assert.match(
      check(given, state("blue", 0))!,
      /slot blue of `text` is not ready: it is cold: it has no pods$/,
    );
  });
});
