import assert from "node:assert/strict";
import { parser } from "@prometheus-io/lezer-promql";
import { promqlProblem } from "../../rollout/gates/promql";
import { objectives, platform, presence, rollout } from "../alerts/support/rules";
import { operandsOf } from "./support/operands";

/** The selectors of an expression, without their ranges and offsets. */
function selectorsIn(promql: string): string[] {
  const found = new Set<string>();
  parser.parse(promql).iterate({
    enter: ({ name, from, to }) => {
      if (name === "VectorSelector") found.add(promql.slice(from, to));
    },
  });
  return [...found].sort();
}

/** Names of the grammar's nodes in it. */
function nodesIn(promql: string): Set<string> {
  const names = new Set<string>();
  parser.parse(promql).iterate({ enter: ({ name }) => void names.add(name) });
  return names;
}

describe("operandsOf", () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    "a{b='1'}": ["a{b='1'}"],
    "sum(rate(a[5m])) > 0.5": ["sum(rate(a[5m]))"],
    "0.5 < a": ["a"],
    "a > 0 != 13 != 31": ["a"],
    "a < bool 10": ["a < bool 10"],
    "a / (b > 0)": ["a / (b)"],
    "time() - a > b": ["time() - a", "b"],
    "absent(up{job='x'} == 1)": ["up{job='x'}"],
    "a or vector(0)": ["a"],
    "(a or vector(0)) + (sum(b) or vector(0))": ["(a) + (sum(b))"],
    "a or 0 * b": ["a", "0 * b"],
    "max by (x) (a > 1 and b or c unless on () (d > 0))": [
      "max by (x) (a)",
      "max by (x) (b)",
      "max by (x) (c)",
      "max by (x) ((d))",
    ],
    "a - on (x) group_left () (b or c)": ["a - on (x) group_left () (b)", "a - on (x) group_left () (c)"],
    "avg_over_time(a[1d] offset 1h) - a > 0.05": ["avg_over_time(a[1d]) - a"],
    "max(a unless a offset 15m)": ["max(a)"],
    "a / b offset 5m": ["a / b"],
    "clamp_min(a, 3600) or 0 * b + 3600": ["clamp_min(a, 3600)", "0 * b + 3600"],
    "-a > 1": ["-a"],
    "sum_over_time((a < bool 5)[1h:1m]) > 3": ["sum_over_time((a < bool 5)[1h:1m])"],
    "vector(2)": ["vector(2)"],
    "vector(1) > 0": ["vector(1)", "0"],
  };
  for (const [promql, operands] of Object.entries(cases))
    it(`takes apart ${promql}`, () => assert.deepEqual(operandsOf(promql), operands));

  it("says of what is not PromQL that it is none", () => {
    assert.throws(() => operandsOf("sum(a"), /^Error: `sum\(a` is not PromQL: /);
  });

  it("leaves no selector of a rule out, and nothing that could hide one", () => {
    const groups = [
      ...platform({ qualityBounds: { accuracy: 0.9 } }),
      ...presence(),
      ...objectives({ availability: { percent: 99.9 }, latency: { percent: 99, seconds: 0.25 } }),
      ...rollout({ strategy: { kind: "canary", stepWeights: [10] }, weights: { blue: 90, green: 10 } }),
    ];
    const rules = groups.flatMap((group) => group.rules);
    assert.ok(rules.length > 30);
    for (const { expr } of rules) {
      const operands = operandsOf(expr);
      for (const operand of operands) {
        assert.equal(promqlProblem(operand), undefined, operand);
        const nodes = nodesIn(operand);
        for (const hiding of ["And", "Or", "Unless", "Eql", "Gtr", "Gte", "Lss", "Lte", "OffsetExpr"])
          assert.ok(!nodes.has(hiding), `${hiding} in ${operand}`);
      }
      assert.deepEqual([...new Set(operands.flatMap(selectorsIn))].sort(), selectorsIn(expr), expr);
    }
  });
});
