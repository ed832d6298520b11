import { z } from "zod";
import { SCHEMA_VERSION } from "../report";

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe("a day, 2026-12-31");
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("SHA-256, lower-case hexadecimal");
const state = z
  .enum(["pass", "fail", "not-applicable", "indeterminate", "waived"])
  .describe(
    "indeterminate: a value is not known before the update, or nobody judged; waived: a failure that somebody answers for",
  );

const control = z
  .strictObject({
    framework: z.string(),
    version: z.string(),
    id: z.string(),
    title: z.string(),
    source: z.string().describe("where document, number and title can be read"),
  })
  .describe("a control of a public document that the rule helps to meet");

const rule = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.enum(["low", "medium", "high", "critical"]),
  enforcement: z.enum(["advisory", "mandatory", "remediate", "disabled"]),
  description: z.string(),
  remediation: z.string().describe("what to write in TypeScript to comply"),
  types: z.array(z.string()).describe("patterns of the resource types that it judges"),
  controls: z.array(control),
  waivable: z.boolean().describe("false where no waiver is accepted"),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("what it judged by: the defaults of its parameters, and what was set over them"),
});

const resource = z.strictObject({
  urn: z.string(),
  type: z.string(),
  name: z.string(),
  component: z
    .string()
    .optional()
    .describe("the nearest component above it, type and name; absent at the top"),
  source: z
    .strictObject({
      file: z.string().describe("relative to the project's folder, with forward slashes"),
      line: z.int().min(1),
      column: z.int().min(1).optional(),
    })
    .optional()
    .describe("where the program declared it, where that can be known"),
});

const waiver = z.strictObject({
  owner: z.string(),
  reason: z.string(),
  ticket: z.string(),
  expires: day.describe("the last day on which it holds"),
  line: z.int().min(1).describe("line of its entry in the waivers' file"),
});

const finding = z.strictObject({
  rule: z.string().describe("id of a rule in `rules`"),
  resource: z.string().describe("URN of a resource in `resources`, or of the stack"),
  state,
  messages: z
    .array(z.string())
    .describe("the rule's sentences; one reason where it is not applicable; none for a pass"),
  waiver: waiver.optional(),
  remediated: z
    .array(
      z.strictObject({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }),
    )
    .optional()
    .describe("properties that the pack mended before the update; what was not there has no `before`"),
});

const coverage = z.strictObject({
  framework: z.string(),
  version: z.string(),
  controls: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      rules: z.array(z.string()).describe("ids of rules in `rules`"),
      disabled: z
        .array(z.string())
        .optional()
        .describe("those of the rules that are off, and so have no say in the state"),
      state: state.describe(
        "the worst of its rules' findings: fail, indeterminate, waived, pass, not-applicable",
      ),
    }),
  ),
});

const count = z.int().min(0);

/** What report.json is; the published JSON Schema is made of it. */
export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(SCHEMA_VERSION).describe("a reader of 1.x can read every later 1.y"),
    asOf: day.describe("the day that expiry is judged by: the only clock"),
    subject: z.strictObject({
      project: z.string(),
      stack: z.string(),
      mode: z
        .enum(["preview", "update", "state"])
        .describe("what a preview would make, an update made, or a state holds"),
    }),
    pack: z.strictObject({ name: z.string(), version: z.string(), sha256: digest }),
    profiles: z.array(z.string()).describe("profiles of the pack that choose and enforce the rules"),
    terms: z
      .strictObject({
        maxWaiverDays: count.describe("days from `asOf` that a waiver may go on"),
        failOnIndeterminate: z
          .boolean()
          .describe(
            "whether what is not known of a mandatory rule makes `audit` exit with 2, as a failure does",
          ),
      })
      .describe("what the audit was held to"),
    inputs: z.array(
      z.strictObject({
        kind: z.string().describe('such as "state", "events", "waivers"'),
        name: z.string().describe("base name of the file"),
        sha256: digest,
      }),
    ),
    summary: z.strictObject({
      pass: count,
      fail: count,
      "not-applicable": count,
      indeterminate: count,
      waived: count,
      mandatoryFailures: count.describe(
        "unwaived failures of mandatory rules: what makes `audit` exit with 2",
      ),
      mandatoryIndeterminate: count.describe("findings of mandatory rules that are indeterminate"),
      mandatoryUnjudged: count.describe(
        "those of them that the run did not judge, as it ended before or had the rule off: they make it exit with 2 too",
      ),
    }),
    rules: z.array(rule),
    resources: z.array(resource),
    findings: z.array(finding).describe("sorted by rule, then resource"),
    frameworks: z
      .array(coverage)
      .describe("how far mapped controls are met: one fails if any of its rules fails anywhere"),
    waiverProblems: z
      .array(z.strictObject({ line: z.int().min(1), message: z.string() }))
      .optional()
      .describe("waivers that do not hold, each of which fails the run; absent where every one holds"),
    signature: z
      .strictObject({
        algorithm: z.literal("Ed25519"),
        keyId: z.string().describe("`sha256:` of the public key (DER of its SubjectPublicKeyInfo)"),
        value: z.string().describe("base64"),
      })
      .optional()
      .describe("over the canonical JSON (RFC 8785) of the report without this member"),
  })
  .meta({ title: "Slipway's audit report" });

/** The JSON Schema (draft 2020-12) as it is published. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema);
  return { $schema, $id: `slipway-audit-report-${SCHEMA_VERSION}.schema.json`, ...rest };
}
