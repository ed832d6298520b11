import assert from "node:assert/strict";
import { parser } from "@prometheus-io/lezer-promql";
import { promqlProblem } from "../../../rollout/gates/promql";
import { signatureOf } from "../../../rollout/gates/promql-functions";
// Inputs of `promql/parser/parse_test.go` of Prometheus 3.14 (Apache-2.0) and whether its parser refuses them.
import cases from "./prometheus-parser-cases.json";

/** What the grammar or the check judges otherwise than Prometheus, each with the reason why that is left so. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "5.": "the grammar wants a digit after the point",
  "foo @ 3.": "the grammar wants a digit after the point",
  'offset{step="1s"}[5m]': "the grammar keeps its keywords from being metrics",
  "foo @ +Inf": "no gate asks about the end of time",
  "foo @ -Inf": "no gate asks about the end of time",
  "foo @ NaN": "no gate asks about the end of time",
  'http_requests{group="production"} + on(instance) group_left(job,instance) cpu_count{type="smp"}':
    "labels are not compared; Prometheus says so when it is asked",
  "foo[0m]": "durations are not computed",
  "foo[-1]": "durations are not computed",
  "foo[step()/0d]": "durations are not computed",
  "foo[5s/0d]": "durations are not computed",
  "foo[5s%0d]": "durations are not computed",
  "foo[9.5e10]": "durations are not computed",
  "foo offset (4d/0)": "durations are not computed",
  "foo offset 9.5e10": "durations are not computed",
  '"\\c"': "escapes are not read",
  '"\\x."': "escapes are not read",
  'info(rate(http_request_counter_total{}[5m]), target_info{foo="bar"})':
    "what info selects is not looked at",
  'info(http_request_counter_total{namespace="zzz"}, {foo="bar"} == 1)': "what info selects is not looked at",
};

describe("promqlProblem", () => {
  it("refuses what Prometheus' own parser refuses, and nothing else", () => {
    const different = (cases as [string, boolean][]).filter(([query, refused]) => {
      const problem = promqlProblem(query);
      // A range vector or a text is PromQL, only no number.
      return (problem !== undefined && !problem.startsWith("gives ")) !== refused;
    });
    assert.deepEqual([...new Set(different.map(([query]) => query))].sort(), Object.keys(OTHERWISE).sort());
    assert.ok(cases.length > 300);
  });

  it("knows the signature of every function in the grammar", () => {
    const functions = parser.nodeSet.types
      .map(({ name }) => name)
      .slice(
        parser.nodeSet.types.findIndex(({ name }) => name === "AbsentOverTime"),
        parser.nodeSet.types.findIndex(({ name }) => name === "Year") + 1,
      )
      .filter((name) => !/Identifier|Literal|Matcher|Selector|Expr|^EqlSingle|^Neq|Name/.test(name))
      .map((name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
    assert.ok(functions.length > 70, functions.join(" "));
    const spelled = (name: string) => name.replace("std_dev", "stddev").replace("std_var", "stdvar");
    assert.deepEqual(
      functions.filter((name) => signatureOf(spelled(name)) === undefined),
      [],
    );
  });

  const problems: [name: string, query: string, problem: string][] = [
    ["nothing", "  ", "must not be empty"],
    ["only a comment", "# later", "is not PromQL: character 8: the query ends where more is expected"],
    [
      "an open parenthesis",
      "sum(rate(x[5m])",
      "is not PromQL: character 16: the query ends where more is expected",
    ],
    ["a parenthesis too many", "sum(x))", 'is not PromQL: character 7: ")" is not expected here'],
    ["another language", "SELECT 1", 'is not PromQL: character 8: "1" is not expected here'],
    ["two expressions", "a b", 'is not PromQL: character 3: "b" is not expected here'],
    ["a label without quotes", "x{a=b}", 'is not PromQL: character 5: "b" is not expected here'],
    ["an unknown function", "1 + foo (x)", "is not PromQL: character 5: there is no function foo"],
    ["a function in capitals", "Rate(x[5m])", "is not PromQL: character 1: there is no function Rate"],
    [
      "a rate without a range",
      "sum(rate(x))",
      "is not PromQL: character 10: rate takes a range vector, not an instant vector; give it a range, as in x[5m]",
    ],
    [
      "too few arguments",
      "label_join(x)",
      "is not PromQL: character 1: label_join takes at least 3 arguments, not 1",
    ],
    [
      "too many arguments",
      "round(x, 1, 2)",
      "is not PromQL: character 1: round takes 1 to 2 arguments, not 3",
    ],
    [
      "an aggregation without its parameter",
      "topk(x)",
      "is not PromQL: character 1: topk takes 2 arguments, not 1",
    ],
    [
      "scalars that are compared",
      "1 < 2",
      "is not PromQL: character 1: a comparison of two scalars must use `bool`, as in 1 < bool 2",
    ],
    [
      "a range of more than a selector",
      "rate(sum(x)[5m])",
      "is not PromQL: character 6: a range may only follow a selector; use a subquery, as in [5m:]",
    ],
    [
      "a range as the result",
      "x[5m]",
      "gives a range vector; a gate compares one number, so it must give a scalar or an instant vector of one",
    ],
    [
      "a text as the result",
      '"x"',
      "gives a string; a gate compares one number, so it must give a scalar or an instant vector of one",
    ],
    [
      "an unknown name",
      'x{service="{{ service }}"} / {{canary}}',
      "cannot be filled in: character 30: {{canary}} stands for nothing; there are {{slot}}, {{live}}, {{service}}, {{liveService}}, {{namespace}}, {{window}}",
    ],
    [
      "a mistake behind what is filled in, at its place in the query as written",
      'rate(x{service="{{service}}"}[{{window}}]) b',
      'is not PromQL: character 44: "b" is not expected here',
    ],
  ];
  for (const [name, query, problem] of problems) {
    it(`tells of ${name}`, () => assert.equal(promqlProblem(query), problem));
  }

  const good = [
    '100 * sum(rate(x{service="{{service}}",slot!="{{live}}"}[{{window}}])) / sum(rate(y{namespace="{{namespace}}"}[5m]))',
    'histogram_quantile(0.99, sum by (le) (rate(d_bucket{service="{{liveService}}"}[{{ window }}] offset 1m)))',
    "a / b offset 5m",
    "-x @ end()",
    "vector(1)",
    "time() - max(timestamp(up)) > bool 60",
    "max_over_time((a + b)[5m:1m])",
  ];
  for (const query of good) it(`takes ${query}`, () => assert.equal(promqlProblem(query), undefined));
});
