import assert from "node:assert/strict";
import {
  collectLog,
  locateResources,
  readEventLog,
  refuseOtherVersions,
} from "../../../audit/collect/collect-log";
import { EngineLogReader } from "../../../audit/collect/engine-log";
import { InputError } from "../../../audit/input-error";
import { NOT_ASKED, NOT_REACHED, NOT_RUN } from "../../../audit/unjudged";
import { AROUND, configured, hasDeployment, noBad, RULES, STACK, urnOf } from "../support/rules";

const web = urnOf("Deployment", "web");
const front = urnOf("Service", "front");
const back = urnOf("Service", "back");
const PACK = { policyPackName: "slipway", policyPackVersion: "0.1.0" };

/** A resource that the engine is about to make. */
const step = (urn: string, inputs: object = {}, op = "create") => ({
  resourcePreEvent: {
    metadata: {
      op,
      urn,
      type: urn.split("::")[2],
      new: op.startsWith("delete") ? null : { type: urn.split("::")[2], custom: true, inputs, outputs: {} },
    },
  },
});
const named = (urn: string) => step(urn, { metadata: { name: urn.split("::")[3] } });
const summary = (resourceUrn: string, passed: string[], failed: string[] = []) => ({
  policyAnalyzeSummaryEvent: { ...PACK, resourceUrn, passed, failed },
});
const stackSummary = (passed: string[], failed: string[] = []) => ({
  policyAnalyzeStackSummaryEvent: { ...PACK, passed, failed },
});
const said = (policyName: string, resourceUrn: string, message: string) => ({
  policyEvent: { ...PACK, policyName, resourceUrn, message: `<{%note%}>${message}<{%reset%}>\n` },
});
const open = (rule: string, urn: string, ...sentences: string[]) =>
  said(
    rule,
    urn,
    `can't run policy '${rule}' from policy pack 'slipway@v0.1.0' during preview: ${sentences.join("\n")}`,
  );
const end = (isPreview = true, result?: string) => ({
  summaryEvent: { isPreview, resourceChanges: {}, result },
});
const error = { diagnosticEvent: { severity: "error", message: "Error: boom\n", urn: STACK } };

const judge = (...events: object[]) =>
  collectLog(readEventLog(events.map((event) => JSON.stringify(event)).join("\n")), RULES, AROUND);
const statesOf = (...events: object[]) =>
  Object.fromEntries(
    judge(...events).findings.map(({ rule, resource, state }) => [`${rule} ${resource}`, state]),
  );

describe("collectLog", () => {
  it("tells what passed by the summaries, and what failed by the sentences", () => {
    const { mode, project, stack, findings } = judge(
      named(web),
      named(front),
      said("no-bad", web, `${noBad.description}\nDeployment \`web\` must not be bad.`),
      summary(web, [], ["no-bad"]),
      summary(front, []),
      stackSummary(["has-deployment"]),
      end(),
    );
    assert.deepEqual([mode, project, stack], ["preview", "shop", "dev"]);
    assert.deepEqual(findings, [
      { rule: "no-bad", resource: web, state: "fail", messages: ["Deployment `web` must not be bad."] },
      { rule: "has-deployment", resource: front, state: "pass", messages: [] },
    ]);
  });

  it("reads an update as one", () => assert.equal(judge(end(false)).mode, "update"));

  it("keeps apart what cannot be judged yet", () => {
    const { findings } = judge(
      named(web),
      open("no-bad", web, "Deployment `web` cannot be judged: `spec.bad` is not known yet."),
      summary(web, [], ["no-bad"]),
      stackSummary([]),
      end(),
    );
    assert.deepEqual(findings[0], {
      rule: "no-bad",
      resource: web,
      state: "indeterminate",
      messages: ["Deployment `web` cannot be judged: `spec.bad` is not known yet."],
    });
  });

  it("gives each sentence of a stack rule to the resource that it begins with; the others pass", () => {
    const states = statesOf(
      named(front),
      named(back),
      open("has-deployment", STACK, "Service `front` cannot be judged: `spec` is not known yet."),
      stackSummary([], ["has-deployment"]),
      end(),
    );
    assert.equal(states[`has-deployment ${front}`], "indeterminate");
    assert.equal(states[`has-deployment ${back}`], "pass");
  });

  it("finds a resource by Pulumi's name where the rule saw no properties at all", () => {
    const other = { metadata: { name: "front-1a2b3c", namespace: "shop" } };
    const states = statesOf(
      step(front, other),
      named(back),
      open("has-deployment", STACK, "Service `front` cannot be judged: `metadata.name` is not known yet."),
      stackSummary([], ["has-deployment"]),
      end(),
    );
    assert.equal(states[`has-deployment ${front}`], "indeterminate");
    assert.equal(states[`has-deployment ${back}`], "pass");
  });

  it("lets nobody pass where it cannot be told whom a sentence is about", () => {
    const states = statesOf(
      named(front),
      named(back),
      open("has-deployment", STACK, "Service `fr", "ont` cannot be judged."),
      stackSummary([], ["has-deployment"]),
      end(),
    );
    assert.deepEqual(
      Object.entries(states).filter(([pair]) => pair.startsWith("has-deployment")),
      [
        [`has-deployment ${STACK}`, "indeterminate"],
        [`has-deployment ${front}`, "indeterminate"],
        [`has-deployment ${back}`, "indeterminate"],
      ],
    );
  });

  it("has judged nothing that the engine did not come to", () => {
    const { findings } = judge(
      named(web),
      named(front),
      said("no-bad", web, `${noBad.description}\nDeployment \`web\` must not be bad.`),
      summary(web, [], ["no-bad"]),
      end(),
    );
    assert.deepEqual(findings[1], {
      rule: "has-deployment",
      resource: front,
      state: "indeterminate",
      messages: [
        "Not judged: the operation ended before the policies came to it. Mend what made it fail, and audit again.",
      ],
    });
  });

  describe("where no resource is of a rule's types", () => {
    const program = "pulumi:pulumi:Stack";
    const begun = [step(STACK), summary(STACK, [])];
    const violated = said("no-bad", web, "x");
    Object.assign(violated.policyEvent, { enforcementLevel: "mandatory" });
    const ended: Readonly<Record<string, [object[], string]>> = {
      "an operation that succeeded": [[...begun, stackSummary([]), end(true, "succeeded")], "not-applicable"],
      "rules over the stack that were violated": [
        [...begun, stackSummary([], ["x"]), end(true, "failed")],
        "not-applicable",
      ],
      "a preview that only a policy violation failed": [
        [...begun, named(web), violated, summary(web, [], ["no-bad"]), end(true, "failed")],
        "not-applicable",
      ],
      "a destroyed stack": [[end(false, "succeeded")], "not-applicable"],
      "a program that threw": [[...begun, error, end(true, "failed")], "indeterminate"],
      "a program that threw under an engine that states no result": [
        [...begun, error, end()],
        "indeterminate",
      ],
      "a program that threw after a violation": [
        [...begun, named(web), violated, summary(web, [], ["no-bad"]), error, end(true, "failed")],
        "indeterminate",
      ],
      "an update that a violation stopped": [
        [...begun, named(web), violated, summary(web, [], ["no-bad"]), end(false, "failed")],
        "indeterminate",
      ],
      "a canceled update": [[...begun, end(false, "canceled")], "indeterminate"],
    };
    for (const [name, [events, state]] of Object.entries(ended)) {
      it(`is ${state} after ${name}`, () => {
        const { findings } = judge(...events);
        const found = findings.find(({ rule }) => rule === "has-deployment");
        assert.deepEqual([found?.resource.includes(program), found?.state], [true, state]);
      });
    }
  });

  it("lets nothing pass of rules that the run had off", () => {
    const { findings } = judge(
      named(web),
      named(front),
      summary(web, []),
      summary(front, []),
      stackSummary([]),
      end(),
    );
    assert.deepEqual(findings, [
      { rule: "no-bad", resource: web, state: "indeterminate", messages: [NOT_RUN] },
      { rule: "has-deployment", resource: front, state: "indeterminate", messages: [NOT_RUN] },
    ]);
    assert.match(
      NOT_RUN,
      /^The run did not judge this rule: it was off, or of another version of the pack\./,
    );
  });

  it("tells what the program only reads, which no run judges, from what a run did not come to", () => {
    const read = [named(web), step(back, {}, "read"), summary(web, ["no-bad"])];
    const reasonOf = (...events: object[]) =>
      collectLog(
        readEventLog(events.map((event) => JSON.stringify(event)).join("\n")),
        [configured({ ...noBad, types: ["kubernetes:core/*:Service"] })],
        AROUND,
      ).findings[0]?.messages;
    assert.deepEqual(reasonOf(...read, stackSummary([]), end(true, "succeeded")), [NOT_ASKED]);
    assert.deepEqual(reasonOf(...read, error, end(true, "failed")), [NOT_REACHED]);
  });

  it("shows what the pack mended", () => {
    const { findings } = judge(
      named(web),
      {
        policyRemediationEvent: {
          ...PACK,
          policyName: "no-bad",
          resourceUrn: web,
          before: { spec: { bad: true, list: [1, { a: 1 }] } },
          after: { spec: { list: [1, { a: 2 }], good: true } },
        },
      },
      summary(web, ["no-bad"]),
      stackSummary([]),
      end(),
    );
    assert.equal(findings[0]?.state, "pass");
    assert.deepEqual(findings[0].remediated, [
      { path: "spec.bad", before: true, after: undefined },
      { path: "spec.good", before: undefined, after: true },
      { path: "spec.list[1].a", before: 1, after: 2 },
    ]);
  });

  it("leaves out what is deleted, and providers", () => {
    const provider = "urn:pulumi:dev::shop::pulumi:providers:kubernetes::default";
    const { resources } = judge(
      step(web, {}, "delete"),
      step(provider),
      named(front),
      stackSummary([]),
      end(),
    );
    assert.deepEqual(
      resources.map(({ urn }) => urn),
      [front],
    );
  });

  it("hears no other pack", () => {
    const stranger = said("no-bad", web, "x");
    Object.assign(stranger.policyEvent, { policyPackName: "other" });
    const states = statesOf(named(web), stranger, summary(web, ["no-bad"]), stackSummary([]), end());
    assert.equal(states[`no-bad ${web}`], "pass");
  });

  it("sorts the sentences that the engine says in any order", () => {
    const [a, b] = [said("no-bad", web, "a"), said("no-bad", web, "b")];
    const [one, other] = [
      [a, b],
      [b, a],
    ].map((events) => judge(named(web), ...events, summary(web, [], ["no-bad"]), end()));
    assert.deepEqual(one, other);
  });

  const refused: Readonly<Record<string, [object[] | string, RegExp]>> = {
    "a log that was cut off": [[named(web), summary(web, ["no-bad"])], /^ends before the operation does/],
    "a line that was cut off": [`${JSON.stringify(named(web))}\n{"summ`, /^line 2: is not whole JSON/],
    "a log without the pack": [
      [named(web), end()],
      /^is of an operation without the pack `slipway`; run it with `--policy-pack`$/,
    ],
    "a failed operation in which nothing was judged": [
      [error, end(true, "failed")],
      /^is of an operation that failed before the pack `slipway` judged anything; mend what stopped it, and run it again with `--policy-pack`$/,
    ],
    "a canceled operation in which nothing was judged": [
      [step(STACK), end(false, "canceled")],
      /^is of an operation that was canceled before the pack/,
    ],
    "a rule that the pack lacks": [
      [named(web), said("__proto__", web, "x"), summary(web, []), end()],
      /^is of another version of the pack `slipway`: it has a rule "__proto__", which this one lacks$/,
    ],
    "an empty file": ["", /^ends before the operation does/],
  };
  for (const [name, [events, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      const text =
        typeof events === "string" ? events : events.map((event) => JSON.stringify(event)).join("\n");
      assert.throws(
        () => collectLog(readEventLog(text), RULES, AROUND),
        (error: Error) => error instanceof InputError && message.test(error.message),
      );
    });
  }

  it("survives events of any shape", () => {
    for (const junk of [
      null,
      1,
      [],
      { resourcePreEvent: 1 },
      { resourcePreEvent: { metadata: { new: [] } } },
      { policyEvent: [] },
    ]) {
      const reader = new EngineLogReader();
      reader.add(junk);
      reader.add(end());
      assert.equal(reader.end().resources.size, 0);
    }
  });
});

describe("refuseOtherVersions", () => {
  const log = (...events: object[]) =>
    readEventLog([...events, end()].map((event) => JSON.stringify(event)).join("\n"));
  const judged = log(named(web), summary(web, ["no-bad"]), said("no-bad", web, "x"));

  it("takes a log of this version, and one in which nothing was judged", () => {
    refuseOtherVersions(judged, "0.1.0");
    refuseOtherVersions(log(), "0.1.0");
  });

  it("refuses a log in which another version judged, also for a part of it", () => {
    const message =
      'is of version "0.1.0" of the pack `slipway`, and this one is 0.2.0: audit it with the version that judged, or run it again';
    assert.throws(() => refuseOtherVersions(judged, "0.2.0"), { name: "InputError", message });
    const newer = summary(front, []);
    Object.assign(newer.policyAnalyzeSummaryEvent, { policyPackVersion: "0.2.0" });
    const both = log(named(web), newer, summary(web, ["no-bad"]));
    assert.throws(() => refuseOtherVersions(both, "0.2.0"), { name: "InputError", message });
  });

  it("minds no other pack", () => {
    const other = summary(web, []);
    Object.assign(other.policyAnalyzeSummaryEvent, { policyPackName: "other", policyPackVersion: "9.0.0" });
    refuseOtherVersions(log(named(web), other, summary(web, [])), "0.1.0");
  });
});

describe("locateResources", () => {
  it("takes the lines from what the engine prints of a preview", () => {
    const reader = new EngineLogReader();
    for (const event of [named(web), named(front), summary(web, []), end()]) reader.add(event);
    const newState = { sourcePosition: "project:///index.ts#4,2" };
    locateResources(
      reader,
      JSON.stringify({ steps: [{ urn: web, newState }, { urn: front }, null, { urn: "x" }] }),
    );
    const { resources } = collectLog(reader.end(), [configured(hasDeployment)], AROUND);
    assert.deepEqual(
      resources.map(({ source }) => source),
      [{ file: "index.ts", line: 4, column: 2 }, undefined],
    );
  });
});
