import assert from "node:assert";
import type { EngineLog } from "../../../audit/collect/engine-log";
import { judgeLog } from "../../../audit/collect/judge-log";
import { judgeState } from "../../../audit/collect/judge-state";
import type { ConfiguredRule } from "../../../audit/rules";
import { containerImageRegistry } from "../../../policies/rules/supply-chain/container-image-registry";

const STACK = "urn:pulumi:test::test::pulumi:pulumi:Stack::test-test";
const type = "kubernetes:core/v1:Pod";
const urn = `urn:pulumi:test::test::${type}::pod`;
const pod = { spec: { containers: [{ name: "server", image: "somewhere.example/server" }] } };
const placed = { urn, type, custom: true, positions: [] };

const rules = (config: ConfiguredRule["config"]): ConfiguredRule[] => [
  { rule: containerImageRegistry, enforcement: "advisory", config },
];
const notApplicable = {
  rule: "container-image-registry",
  resource: STACK,
  state: "not-applicable",
  messages: ["No registries are configured: name them in `allowed`."],
};

describe("A rule that lacks what it judges by", () => {
  it("does not apply to a state", () => {
    const resources = [
      { ...placed, name: "pod", inputs: pod, outputs: pod, dependencies: {}, ignoreChanges: [] },
    ];
    assert.deepEqual(judgeState(rules({}), resources, STACK), [notApplicable]);
    const [found] = judgeState(rules({ allowed: ["registry.example"] }), resources, STACK);
    assert.deepEqual([found?.resource, found?.state], [urn, "fail"]);
  });

  it("does not apply to what the engine worked on", () => {
    const log = (messages: EngineLog["messages"]): EngineLog => ({
      mode: "preview",
      resources: new Map([[urn, { ...placed, inputs: pod }]]),
      messages,
      remediations: [],
      judged: new Map([[urn, new Set()]]),
      stackJudged: new Set(),
      isWhole: true,
      packVersions: new Set(),
    });
    assert.deepEqual(judgeLog(rules({}), log([]), STACK), [notApplicable]);
    // What it did say, under a configuration that only the run had, counts.
    const said = [{ rule: "container-image-registry", urn, text: "must take its image from elsewhere." }];
    const [found] = judgeLog(rules({}), log(said), STACK);
    assert.deepEqual([found?.resource, found?.state], [urn, "fail"]);
  });
});
