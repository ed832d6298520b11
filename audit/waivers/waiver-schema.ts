import { z } from "zod";

const text = (description: string) => z.string().regex(/\S/).max(2000).describe(description);

export const waiverSchema = z.strictObject({
  rule: text("id of the rule"),
  resource: text("URN of the resource; `*` stands for any characters but a colon, `**` for any"),
  owner: text("who answers for it: a person or a team"),
  reason: text("why the failure is acceptable until then"),
  ticket: text("where its mending is tracked"),
  expires: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .describe("the last day on which it holds, 2026-12-31"),
});

export type Waiver = z.infer<typeof waiverSchema>;

/** What waivers.yaml is; the published JSON Schema is made of it. */
export const waiversSchema = z
  .strictObject({ waivers: z.array(waiverSchema) })
  .meta({ title: "Waivers for Slipway's audit" });

/** The JSON Schema (draft 2020-12) as it is published. */
export function waiversJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(waiversSchema);
  return { $schema, $id: "slipway-waivers.schema.json", ...rest };
}
