import assert from "node:assert";
import type { ResourceRule, StackRule } from "../../../policies/model/rule";
import { catalog } from "../../../policies/catalog";
import {
  type PlainResource,
  rule as findRule,
  runPack,
  runRule,
  UNKNOWN,
  urnOf,
} from "../../../policies/testing";

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

  it("refuses configuration that the engine would refuse", async () => {
    await assert.rejects(
      runRule(rule, [thing(true)], { feild: "lit" }),
      /`rules\.thing-is-on\.feild` is no setting of this rule: it has enforcementLevel, field\./,
    );
  });

  it("does not run at level disabled", async () =>
    assert.deepStrictEqual(await runRule(rule, [thing(false)], {}, "disabled"), []));
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
  const entries = [{ rule, enforcement: "advisory" }] as const;

  it("runs the entries that it is given, with their enforcement", async () => {
    const [outcome, ...more] = await runPack([thing(false)], { entries });
    assert.deepStrictEqual([outcome?.enforcement, more], ["advisory", []]);
  });

  it("takes levels and parameters from settings", async () => {
    const strict = await runPack([thing(false)], { entries, settings: { profile: "strict" } });
    assert.strictEqual(strict[0]?.enforcement, "mandatory");
    const rules = { "thing-is-on": { enforcementLevel: "mandatory", field: "lit" } } as const;
    assert.deepStrictEqual(
      (await runPack([{ ...thing(true), props: { lit: false } }], { entries, settings: { rules } })).map(
        ({ state, enforcement }) => [state, enforcement],
      ),
      [["fail", "mandatory"]],
    );
  });

  it("leaves out what is disabled, by a profile or by name", async () => {
    const off = { rules: { "thing-is-on": "disabled" } } as const;
    assert.deepStrictEqual(await runPack([thing(false)], { entries, settings: off }), []);
    assert.deepStrictEqual(await runPack([thing(false)], { entries, settings: { profile: "cis-eks" } }), []);
  });

  it("joins profiles, of which the strongest counts", async () => {
    const settings = { profile: ["cis-eks", "strict"] };
    const [outcome] = await runPack([thing(false)], { entries, settings });
    assert.strictEqual(outcome?.enforcement, "mandatory");
  });

  const refused: readonly [settings: object, message: string][] = [
    [
      { profile: "gold" },
      "settings: `profile` (gold) is no profile of the pack: there are baseline, strict, ",
    ],
    [{ rule: {} }, "settings: `rule` is no setting of the pack: there are profile and rules."],
    [{ rules: { "thing-is-of": "disabled" } }, "settings: `rules.thing-is-of` is no rule of the pack: "],
    [{ rules: { "thing-is-on": { field: 1 } } }, "settings: `rules.thing-is-on.field` (1) must be a string."],
    [
      { rules: { "thing-is-on": "remediate" } },
      "settings: `rules.thing-is-on` (remediate) must be advisory, mandatory or disabled: ",
    ],
  ];
  for (const [settings, message] of refused) {
    it(`refuses what the pack refuses: ${JSON.stringify(settings)}`, () =>
      assert.rejects(runPack([], { entries, settings }), (error: Error) =>
        error.message.startsWith(message),
      ));
  }

  it("judges as of the day that it is told", async () => {
    const cluster = { type: "aws:eks/cluster:Cluster", props: { version: "1.31" } };
    const about = catalog.filter(({ rule: { id } }) => id === "eks-version");
    assert.strictEqual(about.length, 1);
    const states = async (asOf?: string) =>
      (await runPack([cluster], { entries: about, asOf })).map(({ state }) => state);
    assert.deepStrictEqual(await states("2025-01-01"), []);
    assert.deepStrictEqual(await states("2026-01-01"), ["fail"]);
    assert.deepStrictEqual(await states(), ["fail"]);
    await assert.rejects(states("today"), /`asOf` \(today\) must be a day, as in 2026-08-22\./);
  });

  it("has rules at level remediate mend before anything is judged", async () => {
    const id = "container-privilege-escalation";
    const entriesOfPods = catalog.filter((entry) => entry.rule.id === id);
    const pod = {
      type: "kubernetes:core/v1:Pod",
      name: "debug",
      props: { metadata: { name: "debug" }, spec: { containers: [{ name: "shell", image: "shell" }] } },
    };
    const failed = await runPack([pod], { entries: entriesOfPods });
    assert.deepStrictEqual(
      failed.map(({ state }) => state),
      ["fail"],
    );
    const settings = { rules: { [id]: "remediate" } } as const;
    assert.deepStrictEqual(await runPack([pod], { entries: entriesOfPods, settings }), []);
    assert.deepStrictEqual(pod.props.spec.containers, [{ name: "shell", image: "shell" }]);
  });
});

describe("rule", () => {
  it("is the pack's rule of that name", () => {
    assert.strictEqual(findRule("service-node-port").id, "service-node-port");
  });

  it("names the rules that are nearly called so where there is none", () => {
    assert.throws(
      () => findRule("service-nodeport"),
      /^RangeError: `id` \(service-nodeport\) is no rule of the pack: docs\/reference\/policies\.md lists them\. Is it .*`service-node-port`/,
    );
    assert.throws(() => findRule("zzzzzzzz"), /lists them\.$/);
  });
});
