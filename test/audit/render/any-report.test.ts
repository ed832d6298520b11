import assert from "node:assert/strict";
import { DOMParser } from "@xmldom/xmldom";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import * as render from "../../../audit/render";
import { code } from "../../../audit/render/markdown/escape";
import { shownText } from "../../../audit/render/text";
import type { AuditReport, ReportedFinding, ReportedResource, ReportedRule } from "../../../audit/report";
import schema from "../../../audit/schema/report-1.1.schema.json";
import { elementsOf, hasClass, textOf } from "./support/read-html";
import { HOSTILE, reportOf } from "./support/report";

/** Any code units, whole characters or not, and what has a meaning somewhere. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 20,
  }),
  fc.string({ unit: fc.constantFrom(..."<>&\"'`|\\[](){}@#*_~!:/\n\r\t\0 aA1-.$"), maxLength: 40 }),
  fc.constantFrom(...Object.values(HOSTILE).filter(({ length }) => length < 1000)),
);
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const line = fc.integer({ min: 1, max: 1e6 });

const rule: fc.Arbitrary<ReportedRule> = fc.record({
  id: text,
  title: text,
  severity: fc.constantFrom("low", "medium", "high", "critical"),
  enforcement: fc.constantFrom("advisory", "mandatory", "remediate", "disabled"),
  description: text,
  remediation: text,
  types: fc.array(text, { maxLength: 2 }),
  controls: fc.array(fc.record({ framework: text, version: text, id: text, title: text, source: text }), {
    maxLength: 3,
  }),
  waivable: fc.boolean(),
  parameters: fc.dictionary(text, fc.jsonValue(), { maxKeys: 2 }),
});

const resource: fc.Arbitrary<ReportedResource> = fc.record({
  urn: text,
  type: text,
  name: text,
  component: optional(text),
  source: optional(fc.record({ file: text, line, column: optional(line) })),
});

const said: fc.Arbitrary<Omit<ReportedFinding, "rule" | "resource">> = fc.record({
  state: fc.constantFrom("pass", "fail", "not-applicable", "indeterminate", "waived"),
  messages: fc.array(text, { maxLength: 3 }),
  waiver: optional(
    fc.record({ owner: text, reason: text, ticket: text, expires: fc.constant("2026-12-31"), line }),
  ),
  remediated: optional(
    fc.array(fc.record({ path: text, before: fc.jsonValue(), after: fc.jsonValue() }), { maxLength: 2 }),
  ),
});

const report: fc.Arbitrary<AuditReport> = fc
  .record({
    rules: fc.uniqueArray(rule, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
    resources: fc.uniqueArray(resource, { selector: ({ urn }) => urn, minLength: 1, maxLength: 4 }),
    said: fc.array(fc.tuple(said, fc.nat(), fc.nat()), { maxLength: 8 }),
    problems: fc.array(fc.record({ line, message: text }), { maxLength: 2 }),
    project: text,
    stack: text,
  })
  .map(({ rules, resources, said: all, problems, project, stack }) =>
    reportOf({
      subject: { project, stack, mode: "update" },
      rules,
      resources,
      findings: all.map(([one, i, k]) => ({
        ...one,
        rule: rules[i % rules.length]!.id,
        resource: resources[k % resources.length]!.urn,
      })),
      waiverProblems: problems,
    }),
  );

/** Names of findings, in no order. */
const namesOf = ({ findings, resources }: AuditReport) =>
  findings.map((finding) => resources.find(({ urn }) => urn === finding.resource)!.name).sort();

const runs = { numRuns: 25 };

describe("every renderer, whatever the report", () => {
  it("renders it, the same each time", () => {
    fc.assert(
      fc.property(report, (one) => {
        for (const renderer of [
          render.renderJson,
          render.renderSarif,
          render.renderJunit,
          render.renderMarkdown,
          render.renderHtml,
        ]) {
          assert.equal(renderer(one), renderer(structuredClone(one)));
        }
      }),
      runs,
    );
  });

  it("writes JSON of the schema that reads the same", () => {
    const validate = new Ajv2020().compile(schema);
    fc.assert(
      fc.property(report, (one) => {
        const read: unknown = JSON.parse(render.renderJson(one));
        assert.ok(validate(read), JSON.stringify(validate.errors?.[0]));
        assert.deepEqual(namesOf(read as unknown as AuditReport), namesOf(one));
      }),
      runs,
    );
  });

  it("writes SARIF with the names as they are", () => {
    fc.assert(
      fc.property(report, (one) => {
        const { results } = JSON.parse(render.renderSarif(one)).runs[0];
        const names = results.map(
          (result: { locations: { logicalLocations: { name: string }[] }[] }) =>
            result.locations[0]!.logicalLocations[0]!.name,
        );
        assert.deepEqual(names.sort(), namesOf(one));
      }),
      runs,
    );
  });

  it("writes XML from which the names are read as they are shown", () => {
    fc.assert(
      fc.property(report, (one) => {
        const problems: string[] = [];
        const onError = (level: string, message: string) => {
          // It warns of a sign that stands for a half of a character in names that have one.
          if (level !== "warning") problems.push(message);
        };
        const document = new DOMParser({ onError }).parseFromString(render.renderJunit(one), "text/xml");
        assert.deepEqual(problems, []);
        const names = Array.from(document.getElementsByTagName("testcase"), (test) =>
          test.getAttribute("name"),
        );
        const expected = one.findings.map((finding) => {
          const { name, type } = one.resources.find(({ urn }) => urn === finding.resource)!;
          // Parts are shown each for itself: a line end at the seam is one space either way.
          return `${shownText(name)} (${shownText(type)})`;
        });
        assert.deepEqual(names.slice(one.waiverProblems!.length).sort(), expected.sort());
      }),
      runs,
    );
  });

  it("writes HTML from which the names are read as they are shown", () => {
    fc.assert(
      fc.property(report, (one) => {
        const names = elementsOf(render.renderHtml(one)).filter((element) => hasClass(element, "name"));
        assert.deepEqual(names.map((element) => textOf(element)).sort(), namesOf(one).map(shownText).sort());
      }),
      { numRuns: 8 },
    );
  });

  it("writes Markdown in which what failed is named in code", () => {
    fc.assert(
      fc.property(report, (one) => {
        const markdown = render.renderMarkdown(one);
        for (const { state, resource: urn } of one.findings) {
          const { name } = one.resources.find((candidate) => candidate.urn === urn)!;
          if (state === "fail") assert.ok(markdown.includes(`  - ${code(name)} (`), JSON.stringify(name));
        }
      }),
      runs,
    );
  });
});
