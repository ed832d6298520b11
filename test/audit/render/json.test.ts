import assert from "node:assert/strict";
import Ajv2020 from "ajv/dist/2020";
import type { z } from "zod";
import { renderJson } from "../../../audit/render";
import type { AuditReport } from "../../../audit/report";
import schema from "../../../audit/schema/report-1.1.schema.json";
import type { reportSchema } from "../../../audit/schema/report-schema";
import { HOSTILE, largeReport, reportNaming, reportOf, SAMPLE } from "./support/report";

type Deep<T> = T extends (infer U)[] | readonly (infer U)[]
  ? readonly Deep<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;
/** Compiles only where each is the other: the types of the report and its schema say the same. */
const agreed = (report: Deep<z.infer<typeof reportSchema>>): AuditReport => report as AuditReport;
const agreeing = (report: AuditReport): Deep<z.infer<typeof reportSchema>> => report;

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function isValid(value: unknown): void {
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 3)));
}

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
};

describe("renderJson", () => {
  it("writes what the published schema describes", () => {
    isValid(JSON.parse(renderJson(SAMPLE)));
    isValid(JSON.parse(renderJson(reportOf({}))));
    isValid(JSON.parse(renderJson(largeReport(20, 10))));
  });

  it("loses nothing", () => {
    assert.deepEqual(JSON.parse(renderJson(SAMPLE)), agreed(agreeing(SAMPLE)));
  });

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`keeps names with ${what} as they are`, () => {
      const read = JSON.parse(renderJson(reportNaming(text))) as AuditReport;
      isValid(read);
      assert.equal(read.resources[0]!.name, text);
      assert.equal(read.findings[1]!.waiver!.reason, text);
    });
  }

  it("gives the same bytes in whatever order members were assigned", () => {
    const report = { ...SAMPLE, findings: SAMPLE.findings.map((one) => ({ ...one })) };
    report.findings[5]!.remediated = [{ path: "p", before: { b: 1, a: [{ d: 1, c: 2 }] }, after: null }];
    assert.equal(renderJson(reversed(report) as AuditReport), renderJson(report));
    assert.match(renderJson(report), /^\{\n {2}"schemaVersion": "1\.1",\n {2}"asOf": "2026-11-21",/);
  });

  it("keeps members that only look like an object's own machinery", () => {
    const before = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as unknown;
    const finding = { ...SAMPLE.findings[5]!, remediated: [{ path: "p", before, after: 1 }] };
    const text = renderJson(reportOf({ ...SAMPLE, findings: [finding] }));
    assert.match(text, /"__proto__": \{\s+"polluted": true/);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

describe("schema of report.json", () => {
  const refused = (change: (report: Record<string, never>) => void) => {
    const report = JSON.parse(renderJson(SAMPLE)) as Record<string, never>;
    change(report);
    return validate(report) ? "accepted" : validate.errors!.map((e) => `${e.instancePath} ${e.message}`)[0];
  };

  it("is of draft 2020-12 and knows no other members", () => {
    assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.equal(
      refused((report) => Object.assign(report, { extra: 1 })),
      " must NOT have additional properties",
    );
  });

  it("refuses what is no report", () => {
    assert.match(
      refused((report) => Object.assign(report, { asOf: "21 November" }))!,
      /\/asOf must match pattern/,
    );
    assert.match(
      refused((report) => Object.assign(report["findings"]![0], { state: "green" }))!,
      /\/findings\/0\/state must be equal to one of/,
    );
    assert.match(
      refused((report) => Object.assign(report["signature"]!, { algorithm: "none" }))!,
      /\/signature\/algorithm must be equal to constant/,
    );
    assert.match(
      refused((report) => Object.assign(report["resources"]![0], { source: { file: "a.ts", line: 0 } }))!,
      /\/resources\/0\/source\/line must be >= 1/,
    );
  });
});
