import assert from "node:assert/strict";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { Log, Result, Run } from "sarif";
import oasis from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
import { renderSarif } from "../../../audit/render";
import { shownText } from "../../../audit/render/text";
import type { AuditReport } from "../../../audit/report";
import { NOT_RUN } from "../../../audit/unjudged";
import { MOST_RESULTS } from "../../../audit/render/sarif/sarif";
import {
  HOSTILE,
  largeReport,
  reportNaming,
  reportOf,
  rule,
  SAMPLE,
  STRICT,
  unknownReport,
} from "./support/report";

// The schema has a pattern that is none where Unicode is minded.
const ajv = new Ajv({ strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(oasis);

function runOf(report: AuditReport): Run {
  const log = JSON.parse(renderSarif(report)) as Log;
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 3)));
  return log.runs[0]!;
}

const resultOf = (run: Run, id: string, name: string): Result =>
  run.results!.find(
    ({ ruleId, locations }) => ruleId === id && locations![0]!.logicalLocations![0]!.name === name,
  )!;

describe("renderSarif", () => {
  const run = runOf(SAMPLE);

  it("validates against OASIS's schema, also where there is nothing to tell", () => {
    assert.equal(runOf(reportOf({})).results!.length, 0);
    assert.equal(run.results!.length, SAMPLE.findings.length);
  });

  it("uses SARIF's kinds, and a level only for what fails", () => {
    const table = run.results!.map(({ ruleId, kind, level, properties }) => [
      properties!.state,
      kind,
      level,
      ruleId,
    ]);
    assert.deepEqual(table, [
      ["fail", "fail", "error", "container-privileged"],
      ["fail", "fail", "warning", "container-memory-limit"],
      ["indeterminate", "open", "none", "namespace-default-deny"],
      ["waived", "fail", "warning", "container-memory-limit"],
      ["pass", "pass", "none", "container-privileged"],
      ["pass", "pass", "none", "pod-host-namespaces"],
      ["not-applicable", "notApplicable", "none", "service-node-port"],
    ]);
  });

  it("calls an advisory rule of low severity a note", () => {
    const low = reportOf({
      rules: [rule("a", { severity: "low", enforcement: "advisory" }), rule("b", { severity: "low" })],
      findings: ["a", "b"].map((id) => ({ rule: id, resource: "urn", state: "fail", messages: ["No."] })),
    });
    assert.deepEqual(
      runOf(low).results!.map(({ ruleId, level }) => [ruleId, level]),
      [
        ["b", "error"],
        ["a", "note"],
      ],
    );
  });

  it("points at the line that made the resource, and names resource and component", () => {
    assert.deepEqual(resultOf(run, "container-privileged", "fraud").locations, [
      {
        physicalLocation: {
          artifactLocation: { uri: "stacks/main.ts", uriBaseId: "%SRCROOT%" },
          region: { startLine: 42, startColumn: 7 },
        },
        logicalLocations: [
          {
            name: "fraud",
            fullyQualifiedName: "urn:pulumi:prod::platform::kubernetes:apps/v1:Deployment::fraud",
            kind: "resource",
          },
          { fullyQualifiedName: "slipway:index:InferenceService fraud", kind: "component" },
        ],
      },
    ]);
    assert.equal(
      resultOf(run, "container-privileged", "churn").locations![0]!.physicalLocation!.artifactLocation!.uri,
      "stacks/models/churn%20service.ts",
    );
  });

  it("points at the project where no line is known: code scanning refuses a log with a result without a file", () => {
    assert.deepEqual(resultOf(run, "service-node-port", "fraud").locations![0]!.physicalLocation, {
      artifactLocation: { uri: "Pulumi.yaml", uriBaseId: "%SRCROOT%" },
    });
  });

  it("suppresses what is waived, with who answers for it", () => {
    assert.deepEqual(resultOf(run, "container-memory-limit", "fraud").suppressions, [
      {
        kind: "external",
        status: "accepted",
        justification:
          "The model's size is not known yet. (OPS-17; waived by ml-platform@example.com until 2026-12-31)",
        properties: {
          owner: "ml-platform@example.com",
          reason: "The model's size is not known yet.",
          ticket: "OPS-17",
          expires: "2026-12-31",
          line: 4,
        },
      },
    ]);
    assert.deepEqual(resultOf(run, "container-memory-limit", "churn").suppressions, []);
  });

  it("keeps an alert's fingerprint when its line moves, and no two alike", () => {
    const moved = runOf({
      ...SAMPLE,
      resources: SAMPLE.resources.map((one) => ({ ...one, source: { file: "other.ts", line: 999 } })),
    });
    const prints = (of: Run) => of.results!.map(({ fingerprints }) => fingerprints!["ruleAndResource/v1"]!);
    assert.deepEqual(prints(moved), prints(run));
    assert.equal(new Set(prints(run)).size, SAMPLE.findings.length);
    assert.equal(
      run.results![0]!.partialFingerprints!.primaryLocationLineHash,
      `${prints(run)[0]!.slice(0, 16)}:1`,
    );
  });

  it("has each framework as a taxonomy and relates rules to its controls", () => {
    const [descriptor] = run.tool.driver.rules!;
    assert.equal(descriptor!.id, "container-privileged");
    assert.deepEqual(
      descriptor!.relationships!.map(({ target }) => {
        const taxonomy = run.taxonomies![target.toolComponent!.index!]!;
        assert.equal(taxonomy.name, target.toolComponent!.name);
        const taxon = taxonomy.taxa![target.index!]!;
        assert.equal(taxon.id, target.id);
        return [taxonomy.name, taxon.id, taxon.shortDescription!.text];
      }),
      [
        ["Pod Security Standards v1.34", "restricted: Privileged Containers", "Privileged Containers"],
        ["CIS Kubernetes Benchmark 2.0.1", "5.2.2", "Minimize the admission of privileged containers"],
      ],
    );
  });

  it("says of a rule how to mend it, and how severe it is for GitHub", () => {
    const { help, properties, defaultConfiguration } = run.tool.driver.rules![0]!;
    assert.match(
      help!.markdown!,
      /```ts\nsecurityContext: \{ privileged: false \} \/\/ or leave it out\n```/,
    );
    assert.match(help!.text, /^To mend it in TypeScript: securityContext: \{ privileged: false \}/m);
    assert.equal(properties!["security-severity"], "9.5");
    assert.deepEqual(defaultConfiguration, { enabled: true, level: "error" });
    assert.ok(properties!.tags!.includes("CIS Kubernetes Benchmark 2.0.1"));
  });

  it("names waivers that do not hold", () => {
    assert.deepEqual(
      run.invocations![0]!.toolExecutionNotifications!.map(({ level, message }) => [level, message.text]),
      [
        ["error", "Line 12 of the waivers: the waiver of `rbac-wildcard` expired on 2026-10-01"],
        ["warning", "1 mandatory finding not known."],
      ],
    );
  });

  it("says how much of what is mandatory is not known: no alert would", () => {
    const said = (report: AuditReport) =>
      runOf(report).invocations![0]!.toolExecutionNotifications!.map(({ level, message }) => [
        level,
        message.text,
      ]);
    const text = "No mandatory failure; 1 mandatory finding not known.";
    const unknown = unknownReport("`spec` is not known yet.");
    assert.deepEqual(said(unknown), [["warning", text]]);
    assert.deepEqual(said({ ...unknown, terms: STRICT }), [["error", text]]);
    assert.deepEqual(said(unknownReport(NOT_RUN)), [["error", `${text} The run did not judge 1 of them.`]]);
    assert.deepEqual(said(reportOf({})), []);
  });

  it("has what decided: profiles, terms, and what rules judged by", () => {
    assert.deepEqual(run.properties!["profiles"], ["baseline"]);
    assert.deepEqual(run.properties!["terms"], SAMPLE.terms);
    const rules = run.tool.driver.rules!;
    const { properties } = rules.find(({ id }) => id === "container-memory-limit")!;
    assert.deepEqual(properties!["parameters"], { most: "2Gi" });
  });

  it("keeps to what code scanning takes of a run, the worst first, and says what it left out", () => {
    assert.equal(MOST_RESULTS, 25_000);
    const large = (JSON.parse(renderSarif(largeReport(60, 40), 1100)) as Log).runs[0]!;
    assert.equal(large.results!.length, 1100);
    const states = [...new Set(large.results!.map(({ properties }) => properties!.state as string))];
    assert.deepEqual(states, ["fail", "indeterminate", "pass", "not-applicable"]);
    assert.equal(
      large.invocations![0]!.toolExecutionNotifications![0]!.message.text,
      "100 results left out, because code scanning takes 1,100 of a run (not applicable: 100). report.json has all of them.",
    );
  });

  it("keeps texts of rules to the lengths that GitHub takes", () => {
    const long = "x".repeat(5000);
    const [descriptor] = runOf(
      reportOf({
        rules: [
          rule("a", {
            title: long,
            description: long,
            controls: Array.from({ length: 40 }, (_, i) => ({
              framework: `F${i}`,
              version: "1",
              id: "1",
              title: long,
              source: "s",
            })),
          }),
        ],
      }),
    ).tool.driver.rules!;
    assert.equal(descriptor!.shortDescription!.text.length, 1024);
    assert.equal(descriptor!.fullDescription!.text.length, 1024);
    assert.equal(descriptor!.properties!.tags!.length, 20);
  });

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`is valid and has no link of others' making with ${what} in names`, () => {
      const hostile = runOf(reportNaming(text));
      assert.equal(hostile.results!.length, 5);
      for (const { message, locations } of hostile.results!) {
        assert.equal(locations![0]!.logicalLocations![0]!.name, text);
        assert.doesNotMatch(message.text!, /(?<!\\)[[\]]|(?<!\{)\{\d+\}(?!\})/);
        assert.equal(shownText(message.text!), message.text);
      }
    });
  }
});
