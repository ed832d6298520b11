import assert from "node:assert/strict";
import { prometheusArms, summaryOf } from "../../../rollout/experiment/arm-reading";
import type { ExperimentMetric } from "../../../rollout/experiment/declaration";
import { armQueries } from "../../../rollout/experiment/queries";
import { UserLines } from "../../../rollout/experiment/user-lines";
import { growth } from "../../../rollout/gates/growth";
import { promqlProblem } from "../../../rollout/gates/promql";
import { SERVER_FAULTS } from "../../../rollout/gates/queries";

const scope = { slot: "green", service: "text-green", namespace: "models", windowSeconds: 90 } as const;

describe("armQueries", () => {
  it("counts requests, and those that failed, since the test began", () => {
    const faults = `,code=~"${SERVER_FAULTS.join("|")}"`;
    assert.deepEqual(armQueries({ kind: "errorRate" }, scope), {
      kind: "proportion",
      users: `sum(${growth(scope, "slipway_inference_requests_total")})`,
      successes: `sum(${growth(scope, "slipway_inference_requests_total", faults)}) or vector(0)`,
    });
  });

  it("finds the requests that took longer, however Prometheus writes the bound", () => {
    const all = `sum(${growth(scope, "slipway_inference_request_duration_seconds_count")})`;
    const slower = (slowerThan: number) => {
      const queries = armQueries({ kind: "latency", slowerThan }, scope);
      assert.ok(queries?.kind === "proportion");
      assert.equal(queries.users, all);
      assert.equal(promqlProblem(queries.successes), undefined);
      return /le=~"(.*?)"/.exec(queries.successes)![1]!;
    };
    assert.equal(slower(0.25), String.raw`0\\.25`);
    const whole = new RegExp(`^${slower(1)}$`);
    assert.deepEqual(
      ["1", "1.0", "10", "1.05"].map((le) => whole.test(le)),
      [true, true, false, false],
    );
  });

  it("fills in the arm that is asked, and the time since the test began", () => {
    const queries = {
      users: 'increase(u{slot="{{slot}}",ns="{{namespace}}"}[{{window}}])',
      sum: 's{svc="{{service}}"}',
      squares: "q{slot='{{ slot }}'}",
    };
    assert.deepEqual(armQueries({ kind: "mean", queries }, scope), {
      kind: "mean",
      users: 'increase(u{slot="green",ns="models"}[90s])',
      sum: 's{svc="text-green"}',
      squares: "q{slot='green'}",
    });
  });
});

describe("summaryOf", () => {
  const of = (numbers: Record<string, number>) =>
    Object.fromEntries(Object.entries(numbers).map(([key, number]) => [key, { number }]));

  it("makes mean and variance of the sums, as of the numbers themselves", () => {
    const values = [2, 4, 4, 5, 10];
    const sum = values.reduce((a, b) => a + b);
    const squares = values.reduce((a, b) => a + b * b, 0);
    assert.deepEqual(summaryOf("mean", of({ users: 5, sum, squares }), "live"), {
      count: 5,
      mean: 5,
      variance: 9,
    });
  });

  it("rounds counts that Prometheus extrapolated", () => {
    const summary = summaryOf("proportion", of({ users: 99.6, successes: 10.4 }), "candidate");
    assert.ok("mean" in summary);
    assert.deepEqual([summary.count, summary.mean], [100, 0.1]);
  });

  for (const [kind, readings, sentence] of [
    [
      "proportion",
      { users: { number: 5 }, successes: { nothing: "Prometheus has no data for it" } },
      "`successes` of the live slot cannot be told: Prometheus has no data for it",
    ],
    ["proportion", of({ users: 5, successes: 6 }), "`successes` of the live slot is 6, of 5 users"],
    ["proportion", of({ users: -1, successes: 0 }), "`users` of the live slot is -1, which is no count"],
    [
      "mean",
      of({ users: 10, sum: 100, squares: 10 }),
      "`squares` of the live slot is 10, less than the sum's square over the users",
    ],
  ] as const) {
    it(`says why it is nobody's: ${sentence}`, () =>
      assert.deepEqual(summaryOf(kind, readings, "live"), { nothing: sentence }));
  }
});

describe("prometheusArms", () => {
  const where = { namespace: "models", services: { blue: "text-blue", green: "text-green" } };
  const now = Date.parse("2026-03-01T12:01:30Z");

  it("asks for both arms about the same moment, whichever slot is the candidate", async () => {
    const asked: [string, number | undefined][] = [];
    const reader = {
      read: async (query: string, at?: number) => {
        asked.push([query, at]);
        return { number: query.includes("blue") ? 30 : 20 };
      },
    };
    const metric: ExperimentMetric = {
      kind: "proportion",
      queries: { users: 'u{s="{{slot}}"}[{{window}}]', successes: 'c{s="{{slot}}"}' },
    };
    const reading = await prometheusArms(reader, "blue", where).read(metric, undefined, now - 90_000, now);
    assert.ok("arms" in reading);
    assert.deepEqual([reading.arms.live.count, reading.arms.candidate.count], [20, 30]);
    assert.deepEqual(asked.map(([query]) => query).sort(), [
      'c{s="blue"}',
      'c{s="green"}',
      'u{s="blue"}[90s]',
      'u{s="green"}[90s]',
    ]);
    assert.deepEqual(new Set(asked.map(([, at]) => at)), new Set([now]));
  });

  it("says what is missing where a metric has no queries", async () => {
    const reader = { read: async () => ({ number: 1 }) };
    assert.deepEqual(
      await prometheusArms(reader, "green", where).read({ kind: "mean" }, "refunds", now, now),
      { nothing: "`refunds` has no `queries`; `--observations` names a file with its numbers" },
    );
  });
});

describe("UserLines", () => {
  const since = Date.parse("2026-03-01T12:00:00Z");
  const lines = (metric: ExperimentMetric, texts: readonly object[], name?: string) => {
    const users = new UserLines(metric, name, since);
    for (const text of texts) assert.equal(users.add(JSON.stringify(text)), undefined);
    return users.arms("green");
  };

  it("counts a user once, on the side of the first line, with all that it did", () => {
    const given = [
      { user: "a", slot: "blue", value: 2 },
      { user: "a", slot: "green", value: 3 },
      { user: "b", slot: "green", value: 1.5 },
      { user: "c", slot: "green", value: 0.5, at: "2026-03-01T12:00:01Z" },
      { user: "d", slot: "green", value: 9, at: "2026-03-01T11:59:59Z" },
      { user: "b", slot: "green", value: 7, metric: "refunds" },
    ];
    const arms = lines({ kind: "mean" }, given);
    assert.deepEqual(arms, {
      live: { count: 1, mean: 5, variance: 0 },
      candidate: { count: 2, mean: 1, variance: 0.5 },
    });
    assert.equal(lines({ kind: "mean" }, given, "refunds").candidate.mean, 7);
  });

  it("counts a user with any success as one", () => {
    const { live, candidate } = lines({ kind: "proportion" }, [
      { user: "a", slot: "blue", value: true },
      { user: "a", slot: "blue", value: true },
      { user: "b", slot: "blue", value: false },
      { user: "c", slot: "green", value: 0 },
    ]);
    assert.deepEqual([live.count, live.mean, candidate.count, candidate.mean], [2, 0.5, 1, 0]);
  });

  for (const [text, sentence] of [
    ['{"user"', "is not JSON"],
    ["5", "is not an object"],
    ['{"slot":"green","value":1}', "`user` must be a text of 1 to 256 characters"],
    ['{"user":"a","slot":"red","value":1}', '`slot`: "red" must be blue or green'],
    ['{"user":"a","slot":"green"}', "`value` must be a number, true or false"],
    ['{"user":"a","slot":"green","value":2}', "`value`: 2 must be 0, 1, true or false"],
    [
      '{"user":"a","slot":"green","value":1,"at":"soon"}',
      '`at`: "soon" must be a time like "2026-01-31T09:00:00Z"',
    ],
    ['{"user":"a","metric":1}', "`metric` must be the name of a harm rule"],
  ] as const) {
    it(`says of ${text}: ${sentence}`, () =>
      assert.equal(new UserLines({ kind: "proportion" }, undefined, since).add(text), sentence));
  }
});
