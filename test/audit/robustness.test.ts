import assert from "node:assert/strict";
import fc from "fast-check";
import { buildReport } from "../../audit/build-report";
import { collectLog, readEventLog } from "../../audit/collect/collect-log";
import { collectState } from "../../audit/collect/collect-state";
import { diffReports } from "../../audit/diff/diff-reports";
import { InputError } from "../../audit/input-error";
import { configure } from "../../audit/policy-config";
import { readReport } from "../../audit/read-report";
import { renderJson } from "../../audit/render";
import { readWaivers } from "../../audit/waivers/read-waivers";
import { AROUND, RULES, urnOf } from "./support/rules";
import { PACK, TERMS } from "./support/report";

/** Either works, or says what is wrong with the file. */
function survives(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof InputError, error instanceof Error ? error.stack : String(error));
  }
}

const urn = fc.constantFrom(urnOf("Deployment", "web"), urnOf("Service", "web"), "urn:x", "__proto__", "");
const json = fc.jsonValue({ maxDepth: 4 });
const value = fc.oneof(
  json,
  urn,
  fc.constantFrom("create", "slipway", "no-bad", "has-deployment", true, null),
);
/** Objects with the members that a reader looks for, and anything as their values. */
const shaped = (...keys: string[]) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });

const resource = fc.oneof(
  json,
  shaped("urn", "type", "inputs", "outputs", "parent", "delete", "stackTrace", "propertyDependencies"),
  fc.record({ urn: fc.constant(urnOf("Deployment", "web")), inputs: fc.dictionary(fc.string(), json) }),
);
const event = fc.oneof(
  json,
  fc.record({
    resourcePreEvent: fc.record({
      metadata: fc.record({ op: value, urn, new: shaped("type", "inputs", "parent", "custom") }),
    }),
  }),
  fc.record({
    policyEvent: fc.record({
      policyPackName: fc.constant("slipway"),
      policyName: fc.constantFrom("no-bad", "has-deployment"),
      resourceUrn: value,
      message: fc.oneof(value, fc.constant("can't run policy 'a' from policy pack 'b' during preview: x\ny")),
    }),
  }),
  fc.record({
    policyAnalyzeStackSummaryEvent: fc.record({ policyPackName: fc.constant("slipway"), passed: value }),
  }),
  fc.record({
    policyRemediationEvent: fc.record({
      policyPackName: fc.constant("slipway"),
      policyName: fc.constant("no-bad"),
      before: value,
      after: value,
    }),
  }),
);

const report = (collected: ReturnType<typeof collectState>) =>
  renderJson(
    buildReport({
      rules: RULES,
      collected,
      waivers: { waivers: [], problems: [] },
      terms: TERMS,
      pack: PACK,
      profiles: [],
      inputs: [],
    }),
  );

describe("Readers of files survive any content", () => {
  const check = <T>(name: string, arbitrary: fc.Arbitrary<T>, work: (input: T) => unknown) =>
    it(name, () =>
      fc.assert(
        fc.property(arbitrary, (input) => survives(() => work(input))),
        { numRuns: 150 },
      ),
    );

  check("a state", fc.array(resource, { maxLength: 4 }), (resources) =>
    report(collectState(JSON.stringify({ version: 3, deployment: { resources } }), RULES, AROUND)),
  );
  check("a state of any text", fc.string(), (text) => collectState(text, RULES, AROUND));
  check("events", fc.array(event, { maxLength: 6 }), (events) => {
    const end = { summaryEvent: { isPreview: true } };
    const text = [...events, end].map((one) => JSON.stringify(one)).join("\n");
    return report(collectLog(readEventLog(text), RULES, AROUND));
  });
  check(
    "waivers",
    fc.oneof(
      fc.string(),
      fc.array(value).map((waivers) => JSON.stringify({ waivers })),
    ),
    readWaivers,
  );
  check(
    "a policy configuration",
    fc.dictionary(fc.constantFrom("all", "no-bad", "x", "__proto__"), value),
    (config) => configure(RULES, JSON.stringify(config)),
  );
  check(
    "reports to compare",
    fc.record({
      schemaVersion: fc.constantFrom("1.0", "1.1", "2.0", 1),
      asOf: fc.constant("2026-11-21"),
      subject: fc.constant({ project: "a", stack: "b" }),
      rules: fc.array(shaped("id", "severity", "enforcement")),
      findings: fc.array(shaped("rule", "resource", "state", "messages")),
    }),
    (document) => {
      const read = readReport(JSON.stringify(document));
      return diffReports(read, read);
    },
  );
});
