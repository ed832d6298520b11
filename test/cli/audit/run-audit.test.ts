import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditReport } from "../../../audit/report";
import { NOT_RUN } from "../../../audit/unjudged";
import { auditedRules } from "../../../cli/audit/audited-rules";
import { type AuditOptions, runAudit } from "../../../cli/audit/run-audit";
import { isAbout } from "../../../policies/model/judge";
import { version } from "../../../policies/package.json";
import { projectRoot } from "../../../toolchain/paths";

const DAY = "2026-10-01";
const PROFILE = "SLIPWAY_POLICY_PROFILE";
const TYPE = "kubernetes:apps/v1:Deployment";
const WEB = `urn:pulumi:dev::shop::${TYPE}::web`;
/** A mandatory rule of every Deployment. */
const RULE = "container-privileged";

describe("runAudit", () => {
  const kept = { profile: process.env[PROFILE], log: console.log };
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-run-audit-"))));
  beforeEach(() => {
    delete process.env[PROFILE];
    console.log = () => undefined;
  });
  afterEach(() => (console.log = kept.log));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    if (kept.profile === undefined) delete process.env[PROFILE];
    else process.env[PROFILE] = kept.profile;
  });

  /** What an update of one Deployment said under these profiles of the pack, all of whose rules passed but some. */
  function eventsOf(profile: string, more: readonly object[] = [], packVersion = version): string {
    process.env[PROFILE] = profile;
    const { rules } = auditedRules(undefined, DAY);
    delete process.env[PROFILE];
    const on = rules.filter(({ rule, enforcement }) => enforcement !== "disabled" && isAbout(rule, TYPE));
    const passed = (scope: string) =>
      on.filter(({ rule }) => rule.scope === scope).map(({ rule }) => rule.id);
    const pack = { policyPackName: "slipway", policyPackVersion: packVersion };
    const events = [
      { resourcePreEvent: { metadata: { op: "create", urn: WEB, new: { type: TYPE, inputs: {} } } } },
      ...more.map((event) => ({ policyEvent: { ...pack, ...event } })),
      { policyAnalyzeSummaryEvent: { ...pack, resourceUrn: WEB, passed: passed("resource") } },
      { policyAnalyzeStackSummaryEvent: { ...pack, passed: passed("stack") } },
      { summaryEvent: { isPreview: true, result: "succeeded" } },
    ];
    const file = join(folder, "events.jsonl");
    writeFileSync(file, events.map((event) => JSON.stringify(event)).join("\n"));
    return file;
  }
  const audit = (events: string, more: Partial<AuditOptions> = {}) =>
    runAudit("onprem", { events, asOf: DAY, maxWaiverDays: 90, out: folder, ...more });
  const report = () => JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as AuditReport;
  const unknown = {
    policyName: RULE,
    resourceUrn: WEB,
    enforcementLevel: "advisory",
    message: `can't run policy '${RULE}' from policy pack 'slipway@v${version}' during preview: Deployment \`web\` cannot be judged: \`spec\` is not known yet.`,
  };

  it("does not pass by a run that had the rules off, and names them by the profile of the audit", async () => {
    const events = eventsOf("pod-security-baseline");
    await assert.rejects(audit(events), {
      name: "SlipwayError",
      exitCode: 2,
      message: /^\d+ mandatory findings were not judged by the run$/,
    });
    const { summary, findings, profiles } = report();
    assert.deepEqual(profiles, ["baseline"]);
    assert.ok(summary.mandatoryUnjudged > 5, String(summary.mandatoryUnjudged));
    assert.equal(
      findings
        .filter(({ messages }) => messages.includes(NOT_RUN))
        .every(({ state }) => state === "indeterminate"),
      true,
    );
    process.env[PROFILE] = "pod-security-baseline";
    await audit(events);
    assert.deepEqual(report().profiles, ["pod-security-baseline"]);
    assert.equal(report().summary.mandatoryIndeterminate, 0);
  });

  it("passes what a preview does not know yet, unless it is asked to fail on it", async () => {
    const events = eventsOf("baseline", [unknown]);
    await audit(events);
    const { summary } = report();
    assert.deepEqual([summary.mandatoryIndeterminate, summary.mandatoryUnjudged], [1, 0]);
    await assert.rejects(audit(events, { failOn: "indeterminate" }), {
      exitCode: 2,
      message: "1 mandatory finding is not known",
    });
    assert.deepEqual(report().terms, { maxWaiverDays: 90, failOnIndeterminate: true });
  });

  it("refuses events of another version of the pack", async () => {
    await assert.rejects(audit(eventsOf("baseline", [], "0.0.1")), {
      exitCode: 65,
      message: /events\.jsonl is of version "0\.0\.1" of the pack `slipway`, and this one is /,
    });
  });

  it("records the profile's configuration, whatever is judged, and the terms", async () => {
    const sha256 = createHash("sha256")
      .update(readFileSync(join(projectRoot, "Pulumi.onprem.yaml")))
      .digest("hex");
    const state = join(folder, "state.json");
    writeFileSync(state, JSON.stringify({ version: 3, deployment: { manifest: {}, resources: [] } }));
    for (const [kind, judged] of [
      ["events", { events: eventsOf("baseline") }],
      ["state", { events: undefined, state }],
    ] as const) {
      await runAudit("onprem", { ...judged, asOf: DAY, maxWaiverDays: 90, out: folder } as AuditOptions);
      const { inputs, terms, rules } = report();
      assert.deepEqual(
        inputs.map((input) => input.kind),
        ["configuration", kind],
      );
      assert.deepEqual(inputs[0], { kind: "configuration", name: "Pulumi.onprem.yaml", sha256 });
      assert.deepEqual(terms, { maxWaiverDays: 90, failOnIndeterminate: false });
      const parameters = rules.find(({ id }) => id === "deployment-minimum-replica-count")?.parameters;
      assert.deepEqual(parameters, { minimum: 2 });
    }
  });
});
