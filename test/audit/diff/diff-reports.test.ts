import assert from "node:assert/strict";
import { collectLog, readEventLog } from "../../../audit/collect/collect-log";
import { notReached } from "../../../audit/collect/pair-findings";
import { diffReports } from "../../../audit/diff/diff-reports";
import { readReport } from "../../../audit/read-report";
import { renderJson } from "../../../audit/render";
import type { AuditReport, FindingState } from "../../../audit/report";
import { NOT_RUN } from "../../../audit/unjudged";
import { AROUND, configured, noBad, RULES, STACK, stateResource, urnOf } from "../support/rules";
import { asBefore, reportOf, reportOfCollected } from "../support/report";

const web = urnOf("Deployment", "web");

function withStates(states: Readonly<Record<string, FindingState>>): AuditReport {
  const findings = Object.entries(states).map(([resource, state]) => ({
    rule: "no-bad",
    resource,
    state,
    messages: [`${state}.`],
  }));
  return { ...reportOf([]), findings };
}
const stored = (report: AuditReport) => readReport(renderJson(report));
const diff = (before: AuditReport, after: AuditReport) => diffReports(stored(before), stored(after));

describe("diffReports", () => {
  it("tells new failures, what was mended, what was waived and what cannot be judged any more", () => {
    const before = withStates({
      a: "pass",
      b: "fail",
      c: "fail",
      d: "fail",
      e: "fail",
      f: "waived",
      g: "fail",
    });
    const after = withStates({
      a: "fail",
      b: "pass",
      c: "waived",
      d: "indeterminate",
      e: "fail",
      f: "fail",
      h: "fail",
    });
    const result = diff(before, after);
    const resources = (list: readonly { resource: string }[]) => list.map(({ resource }) => resource);
    assert.deepEqual(resources(result.newFailures), ["a", "f", "h"]);
    assert.deepEqual(resources(result.fixed), ["b", "g"]);
    assert.deepEqual(resources(result.newlyWaived), ["c"]);
    assert.deepEqual(resources(result.unclear), ["d"]);
    assert.equal(result.stillFailing, 1);
  });

  it("says of each what it was and what it is", () => {
    const result = diff(withStates({}), withStates({ [web]: "fail" }));
    assert.deepEqual(result.newFailures, [
      {
        rule: "no-bad",
        resource: web,
        severity: "high",
        mandatory: true,
        before: "absent",
        after: "fail",
        messages: ["fail."],
      },
    ]);
  });

  it("calls a waived failure that is mended fixed", () => {
    assert.equal(diff(withStates({ a: "waived" }), withStates({ a: "pass" })).fixed.length, 1);
  });

  it("loses no waived failure that cannot be judged any more", () => {
    const result = diff(withStates({ a: "waived" }), withStates({ a: "indeterminate" }));
    assert.deepEqual(
      result.unclear.map(({ resource, before, after }) => [resource, before, after]),
      [["a", "waived", "indeterminate"]],
    );
  });

  it("reads reports of the version before", () => {
    const [before, after] = [withStates({ a: "fail", b: "waived" }), withStates({ a: "pass", b: "fail" })];
    const between = (old: string, now: string) => diffReports(readReport(old), readReport(now));
    const expected = diff(before, after);
    assert.deepEqual(between(asBefore(before), renderJson(after)), expected);
    assert.deepEqual(between(asBefore(before), asBefore(after)), expected);
  });

  for (const state of ["fail", "waived"] as const)
    describe(`of a finding that was ${state} and that the later report does not judge`, () => {
      const failing = stateResource("Deployment", "web", { bad: true });
      const judged = reportOf([failing]);
      const before = {
        ...judged,
        findings: judged.findings.filter((one) => one.state === "fail").map((one) => ({ ...one, state })),
      };
      const said = (after: AuditReport) => {
        const { fixed, unclear } = diff(before, after);
        return [fixed.map(({ resource }) => resource), unclear.map(({ messages }) => messages)];
      };

      it("does not call it fixed where the run had the rule off", () => {
        const metadata = { op: "same", urn: web, new: { type: "kubernetes:apps/v1:Deployment", inputs: {} } };
        const events = [
          { resourcePreEvent: { metadata } },
          { policyAnalyzeSummaryEvent: { policyPackName: "slipway", resourceUrn: web } },
          { summaryEvent: { isPreview: false, result: "succeeded" } },
        ];
        const log = readEventLog(events.map((event) => JSON.stringify(event)).join("\n"));
        const after = reportOfCollected(collectLog(log, RULES, AROUND));
        assert.deepEqual(said(after), [[], [[NOT_RUN]]]);
      });

      it("does not call it fixed where the rule is switched off", () => {
        const after = reportOf([failing], { rules: [configured(noBad, "disabled")] });
        assert.deepEqual(said(after), [[], [["No longer judged: the rule is switched off."]]]);
      });

      it("does not call it fixed where the pack lost the rule", () => {
        const after = reportOf([failing], { rules: [] });
        assert.deepEqual(said(after), [
          [],
          [["No longer judged: the later report's pack does not have the rule."]],
        ]);
      });

      it("does not call it fixed where the operation did not come to it", () => {
        const after = reportOf([]);
        const findings = [{ ...notReached(noBad, STACK) }];
        assert.deepEqual(said({ ...after, findings }), [[], [findings[0]!.messages]]);
      });

      it("calls it fixed where the resource is gone", () => {
        assert.deepEqual(said(reportOf([], { rules: [configured(noBad, "disabled")] })), [[web], []]);
        assert.deepEqual(said(reportOf([])), [[web], []]);
      });
    });

  it("takes the enforcement of the later report", () => {
    const rules = reportOf([], { rules: [configured(noBad, "advisory")] }).rules;
    const result = diff(withStates({}), { ...withStates({ a: "fail" }), rules });
    assert.equal(result.newFailures[0]?.mandatory, false);
  });

  it("finds nothing between a report and itself", () => {
    const report = withStates({ a: "fail", b: "pass" });
    assert.deepEqual(diff(report, report), {
      newFailures: [],
      fixed: [],
      newlyWaived: [],
      unclear: [],
      stillFailing: 1,
    });
  });

  it("does not compare two stacks", () => {
    const other = { ...withStates({}), subject: { project: "shop", stack: "prod", mode: "state" as const } };
    assert.throws(() => diff(withStates({}), other), {
      name: "InputError",
      message: "are of two stacks, shop/dev and shop/prod, and cannot be compared",
    });
  });
});
