import * as assert from "node:assert";
import { evaluateJsonPath } from "../../../../../toolchain/plugins/kubernetes/await/json-path";
import type { ReadinessContext } from "../../../../../toolchain/plugins/kubernetes/await/readiness";
import { waitForReadiness } from "../../../../../toolchain/plugins/kubernetes/await/wait-for";

const live = {
  metadata: { labels: { "a.b/c": "x" } },
  status: {
    phase: "Running",
    ready: 2,
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Full", status: "False", reason: "Empty" },
    ],
  },
};

describe("evaluateJsonPath", () => {
  const paths: [string, unknown[]][] = [
    ["{.status.phase}", ["Running"]],
    [".status.phase", ["Running"]],
    ["status.phase", ["Running"]],
    ["{.status.conditions[0].type}", ["Ready"]],
    ["{.status.conditions[-1].type}", ["Full"]],
    ["{.status.conditions[*].type}", ["Ready", "Full"]],
    ['{.status.conditions[?(@.type=="Ready")].status}', ["True"]],
    ["{.metadata.labels['a.b/c']}", ["x"]],
    ["{.status.missing.deep}", []],
  ];
  for (const [path, values] of paths) {
    it(`reads ${path}`, () => assert.deepStrictEqual(evaluateJsonPath(path, live), values));
  }

  it("refuses what it cannot read", () => {
    assert.throws(
      () => evaluateJsonPath("{.a[}", live),
      /The JSONPath "\.a\[" cannot be read from "\[" on\./,
    );
  });
});

describe("waitForReadiness", () => {
  const context = {} as ReadinessContext;
  const cases: [string, string, RegExp | undefined][] = [
    ["jsonpath={.status.phase}=Running", "ready", undefined],
    ["jsonpath={.status.ready}=2", "ready", undefined],
    ["jsonpath={.status.ready}=3", "waiting", /is "2", not "3"/],
    ["jsonpath={.status.phase}", "ready", undefined],
    ["jsonpath={.status.other}", "waiting", /has no value/],
    ["condition=Ready", "ready", undefined],
    ["condition=Full", "waiting", /Full is False \(Empty\)/],
    ["condition=Full=False", "ready", undefined],
    ["condition=Other", "waiting", /no condition Other/],
    ['["condition=Ready", "jsonpath={.status.ready}=3"]', "waiting", /not "3"/],
  ];
  for (const [annotation, state, message] of cases) {
    it(`takes ${annotation} for ${state}`, async () => {
      const verdict = await waitForReadiness(annotation)(live as never, context);
      assert.strictEqual(verdict.state, state);
      if (message) assert.match(verdict.message, message);
    });
  }

  it("refuses an expression without a prefix", () => {
    assert.throws(
      () => waitForReadiness("Ready"),
      /needs a "jsonpath=" or "condition=" prefix, but is "Ready"/,
    );
  });
});
