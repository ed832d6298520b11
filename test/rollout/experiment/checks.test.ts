import assert from "node:assert/strict";
import type { AbTestStrategy, Strategy } from "../../../rollout/declaration";
import { DURATION_BOUNDS as OURS } from "../../../rollout/duration-bounds";
import { isSticky, strategyProblems } from "../../../rollout/strategy-checks";
import { REQUEST_BOUNDS } from "../../../runtime/metrics/histogram";

const bought = {
  users: 'sum(shop_users_total{slot="{{slot}}"})',
  successes: 'sum(shop_buyers_total{slot="{{slot}}"}) or vector(0)',
};
const test: AbTestStrategy = {
  kind: "abTest",
  metric: { kind: "proportion", queries: bought },
  baseline: 0.1,
  minimumEffect: 0.02,
};

const told = (change: object) =>
  strategyProblems({ ...test, ...change } as Strategy).map(
    ({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`,
  );

describe("what an A/B test is declared as", () => {
  for (const right of [
    {},
    { metric: { kind: "errorRate" }, bandit: { floor: 5, rebalance: 60, certainty: 0.99 } },
    { metric: { kind: "latency", slowerThan: 0.25 }, assignment: "header" },
    { metric: { kind: "proportion" } },
    {
      metric: {
        kind: "mean",
        better: "lower",
        queries: {
          users: "sum(u{s='{{service}}'})",
          sum: "sum(m{s='{{service}}'})",
          squares: "sum(q{s='{{slot}}'})",
        },
      },
      baseline: 30,
      minimumEffect: 100,
    },
    { harm: [{ name: "refunds", metric: { kind: "proportion" }, tolerance: 0 }], alpha: 0.01, power: 0.9 },
  ]) {
    it(`accepts ${JSON.stringify(right)}`, () => assert.deepEqual(told(right), []));
  }

  const wrong: [object, string[]][] = [
    [
      { metric: undefined, harm: [], alpha: 0.05 },
      ["baseline", "minimumEffect", "alpha", "harm"].map(
        (field) => `\`strategy.${field}\`: needs \`metric\`: without one a person decides`,
      ),
    ],
    [
      { metric: { kind: "clicks" } },
      ['`strategy.metric.kind`: "clicks" must be one of errorRate, latency, proportion, mean'],
    ],
    [
      { metric: { kind: "latency", slowerThan: 0.3 } },
      [
        `\`strategy.metric.slowerThan\`: 0.3 must be one of the seconds that the server counts up to: ${OURS.join(", ")}`,
      ],
    ],
    [
      {
        metric: {
          kind: "proportion",
          better: "more",
          queries: { ...bought, successes: "sum(x{slot='{{slot}}'}" },
        },
      },
      [
        '`strategy.metric.better`: "more" must be one of higher, lower',
        "`strategy.metric.queries.successes`: is not PromQL: character 23: the query ends where more is expected",
      ],
    ],
    [
      {
        metric: {
          kind: "proportion",
          queries: { users: "sum(u)", successes: "sum(u{slot='{{live}}'})", sum: "1" },
        },
      },
      [
        "`strategy.metric.queries.sum`: does not exist; there are users, successes",
        "`strategy.metric.queries.users`: must name its arm by {{slot}} or {{service}}: as it is, both arms would have the same numbers",
        "`strategy.metric.queries.successes`: cannot be filled in: {{live}} has no meaning where each arm is asked by itself; there are {{slot}}, {{service}}, {{namespace}}, {{window}}",
      ],
    ],
    [
      {
        metric: { kind: "mean", queries: { users: "sum(u{slot='{{slot}}'})" } },
        baseline: -1,
        minimumEffect: undefined,
      },
      [
        "`strategy.metric.queries.sum`: must be PromQL with one number as its result",
        "`strategy.metric.queries.squares`: must be PromQL with one number as its result",
        "`strategy.minimumEffect`: must be given: the smallest gain that matters, in the metric's unit",
        "`strategy.baseline`: -1 must be a number above 0",
      ],
    ],
    [
      { baseline: undefined },
      ["`strategy.baseline`: must be given: the live slot's share, as in 0.1 for a tenth"],
    ],
    [
      { baseline: 10, minimumEffect: "2" },
      [
        "`strategy.baseline`: 10 must be a share between 0 and 1, neither included",
        "`strategy.minimumEffect`: 2 must be a number above 0",
      ],
    ],
    [
      { minimumEffect: 0.95 },
      ["`strategy.minimumEffect`: 0.95 must be less than what a share of 0.1 can change by"],
    ],
    [
      {
        alpha: 0.5,
        power: 0.3,
        minimumUsers: 10,
        maxDuration: 5,
        interval: 1,
        futility: "no",
        assignment: "ip",
      },
      [
        '`strategy.assignment`: "ip" must be one of cookie, header',
        "`strategy.alpha`: 0.5 must be from 0.0001 to 0.2",
        "`strategy.minimumUsers`: 10 must be whole users from 50 to 10000000",
        "`strategy.maxDuration`: 5 must be whole seconds from 60 to 7776000",
        "`strategy.interval`: 1 must be whole seconds from 5 to 86400",
        "`strategy.futility`: no must be true or false",
      ],
    ],
    [{ power: 0.3 }, ["`strategy.power`: 0.3 must be from 0.5 to 0.99"]],
    [
      {
        harm: [
          { name: "refunds", metric: { kind: "errorRate" }, tolerance: -1 },
          { name: "refunds", metric: {}, tolerance: 1 },
        ],
      },
      [
        "`strategy.harm[0].tolerance`: -1 must be a number of at least 0",
        '`strategy.harm[1].name`: "refunds" is also harm[0]',
        '`strategy.harm[1].metric.kind`: "undefined" must be one of errorRate, latency, proportion, mean',
      ],
    ],
    [
      { metric: { kind: "mean" }, share: 5, bandit: { rebalance: 1, certainty: 1 } },
      [
        "`strategy.bandit`: cannot be with a `mean`: it compares shares of users",
        "`strategy.bandit.floor`: 10 must leave `share` (5) to each arm",
        "`strategy.bandit.rebalance`: 1 must be whole seconds from 60 to 86400",
        "`strategy.bandit.certainty`: 1 must be at least 0.8 and less than 1",
      ],
    ],
  ];
  wrong.push(
    [
      { harm: [null], bandit: null, metric: { kind: "proportion", queries: null } },
      [
        "`strategy.metric.queries`: must be a map of users, successes",
        "`strategy.harm[0]`: must be a map of name, metric, tolerance",
        "`strategy.bandit`: must be a map of floor, rebalance, certainty; {} takes their defaults",
      ],
    ],
    [{ harm: {} }, ["`strategy.harm`: must be a list"]],
    [
      { metric: null },
      ['`strategy.metric.kind`: "undefined" must be one of errorRate, latency, proportion, mean'],
    ],
  );
  for (const [change, expected] of wrong) {
    it(`refuses ${JSON.stringify(change)}`, () => assert.deepEqual(told(change), expected));
  }

  it("knows the bounds of the server's histogram", () => assert.deepEqual(OURS, [...REQUEST_BOUNDS]));

  it("sets cookies unless those who call say who goes where", () => {
    assert.equal(isSticky(test), true);
    assert.equal(isSticky({ ...test, assignment: "header" }), false);
  });
});
