import assert from "node:assert";
import type { ResourceRule, StackRule } from "../../../policies/model/rule";
import { type PlainResource, runPack, runRule, UNKNOWN, urnOf } from "../../../policies/testing";

const rule: ResourceRule = {
  id: "thing-is-on",
  title: "Things are on",
  severity: "low",
  description: "A thing that is off does nothing.",
  remediation: "on: true",
  types: ["test:index/*:Thing"],
  controls: [],
  configSchema: { properties: { field: { type: "string", default: "on" } } },
  scope: "resource",
  check(subject, verdict, config) {
    if (!subject.fields.get(String(config["field"] ?? "on")).isTrue()) verdict.fail(subject, "must be on.");
  },
};
const thing = (on: unknown) => ({ type: "test:index/v1:Thing", name: "lamp", props: { on } });

describe("runRule", () => {
  it("says nothing where the rule holds", async () =>
    assert.deepStrictEqual(await runRule(rule, [thing(true)]), []));

  it("reports a failure with the resource's URN", async () => {
    const [outcome, ...more] = await runRule(rule, [thing(false)]);
    assert.deepStrictEqual(more, []);
    assert.deepStrictEqual(outcome, {
      rule: "thing-is-on",
      enforcement: "mandatory",
      state: "fail",
      message: "test:index/v1:Thing `lamp` must be on.",
      urn: "urn:pulumi:test::test::test:index/v1:Thing::lamp",
    });
  });

  it("is indeterminate for an unknown value", async () => {
    const [outcome] = await runRule(rule, [thing(UNKNOWN)]);
    assert.strictEqual(outcome?.state, "indeterminate");
    assert.strictEqual(
      outcome.message,
      "test:index/v1:Thing `lamp` cannot be judged: `on` is not known yet.",
    );
  });

  it("is not applicable to other types", async () => {
    const [outcome] = await runRule(rule, [{ type: "test:index/v1:Other", props: {} }]);
    assert.strictEqual(outcome?.state, "not-applicable");
  });

  it("hands over configuration", async () => {
    const resource = { type: "test:index/v1:Thing", props: { lit: true } };
    assert.deepStrictEqual(await runRule(rule, [resource], { field: "lit" }), []);
  });
});

describe("runRule with a stack rule", () => {
  const seen: StackRule = {
    ...rule,
    scope: "stack",
    check(stack, verdict) {
      for (const subject of stack.ofTypes(rule.types))
        verdict.fail(subject, JSON.stringify(subject.dependencies));
    },
  };
  const said = async (...resources: PlainResource[]): Promise<string[]> =>
    (await runRule(seen, resources)).map(({ message }) => message.replace(/^.*` /, ""));

  it("hands a stack rule the properties that were given, and where their values come from", async () => {
    const source = thing(true);
    const reader = { ...thing(UNKNOWN), name: "reader", dependencies: { on: [urnOf(source)] } };
    assert.deepStrictEqual(await said(source, reader), ['{"on":[]}', `{"on":["${urnOf(source)}"]}`]);
  });

  it("leaves out, as the engine does, resources of other stacks and what the provider fills in", async () => {
    const reader = { ...thing(UNKNOWN), props: { on: UNKNOWN, arn: UNKNOWN }, computed: ["arn"] };
    assert.deepStrictEqual(await said({ ...reader, dependencies: { on: ["urn:elsewhere"] } }), ['{"on":[]}']);
  });
});

describe("runPack", () => {
  it("runs the entries that it is given, with their enforcement", async () => {
    const [outcome, ...more] = await runPack([thing(false)], {
      entries: [{ rule, enforcement: "advisory" }],
    });
    assert.deepStrictEqual([outcome?.enforcement, more], ["advisory", []]);
  });
});
