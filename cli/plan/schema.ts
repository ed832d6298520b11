import { z } from "zod";
import { RISK_LEVELS, RISK_TITLES, type RiskLevel } from "./risk-level";

/** Raised when a field goes or changes its meaning; a new field raises nothing. */
export const PLAN_VERSION = 1;

const shown = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const property = z.strictObject({
  path: z.string().describe("as the engine writes paths; below a text that holds JSON, the path inside it"),
  kind: z.enum(["add", "update", "delete"]).describe("what happens to it"),
  from: shown
    .optional()
    .describe('what it was; left out where it was not there. Secrets are "[secret]", long values are cut'),
  to: shown.optional().describe('what it becomes; "known after apply" where only the update can tell'),
  replaces: z.boolean().describe("true where it cannot be changed in place"),
});

const finding = z.strictObject({
  policy: z.string().describe("the rule's name"),
  pack: z.string().describe("the policy pack's name"),
  message: z.string().describe("what is wrong and how it is mended"),
  urn: z.string().describe("the resource; empty where the finding is about the whole stack"),
  mandatory: z.boolean().describe("true where the command exits with 2 for it"),
});

const change = z.strictObject({
  op: z.enum(["create", "update", "replace", "delete", "import"]).describe("what happens to the resource"),
  type: z.string().describe("the resource's type token"),
  name: z.string().describe("the resource's name in the program"),
  urn: z.string().describe("the resource's URN"),
  risk: z.enum(RISK_LEVELS).describe("the worst of what the change may do"),
  reason: z.string().describe("why, in words; names are Markdown code spans"),
  properties: z
    .array(property.extend({ risk: z.enum(RISK_LEVELS).describe("this property's part in it") }))
    .describe("the properties that cause it, sorted by path; a creation and a deletion have none"),
  findings: z.array(finding).describe("what the policy pack says about the resource"),
});

const drift = z.strictObject({
  op: z.enum(["update", "delete"]).describe("`delete` where it is gone"),
  type: z.string().describe("the resource's type token"),
  name: z.string().describe("the resource's name in the program"),
  urn: z.string().describe("the resource's URN"),
  properties: z.array(property).describe("`from` is what the last update left, `to` what is there"),
  by: z.array(z.string()).describe("who changed it and when, where the cluster keeps a record of that"),
});

const count = z.union([z.number(), z.enum(["unknown", "unlimited"])]);

const capacity = z.strictObject({
  of: z
    .enum(["pods", "nodes"])
    .describe("`pods`: what they ask for at most; `nodes`: what node pools may have at most"),
  resource: z.string().describe("`cpu` in cores, otherwise the resource's name, such as `nvidia.com/gpu`"),
  before: count.describe("as the state has it"),
  after: count.describe("as the program wants it"),
});

const counts = Object.fromEntries(
  RISK_LEVELS.map((level) => [level, z.int().min(0).describe(RISK_TITLES[level].toLowerCase())]),
) as Record<RiskLevel, z.ZodInt>;

export const planSchema = z.strictObject({
  version: z.literal(PLAN_VERSION).describe("of this format"),
  profile: z.string().describe("what was previewed"),
  summary: z.string().describe('in the engine\'s words: "3 to create, 1 to update"'),
  error: z
    .string()
    .nullable()
    .describe("why the preview did not come to its end, and the plan is not whole; null where it did"),
  risk: z.enum(RISK_LEVELS).nullable().describe("the worst of all changes; null where nothing changes"),
  counts: z.strictObject(counts).describe("number of changes by risk"),
  changes: z.array(change).describe("sorted by risk, the worst first, then by type and URN"),
  drift: z.array(drift).describe("what was changed by hand; only `--refresh` finds any"),
  capacity: z.array(capacity).describe("GPUs and cores before and after"),
  violations: z.array(finding).describe("every policy finding, those beside the changes included"),
});

export type Plan = z.infer<typeof planSchema>;
export type PlannedChange = Plan["changes"][number];
export type Finding = Plan["violations"][number];
