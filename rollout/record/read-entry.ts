import { z } from "zod";
import { SLOTS } from "../declaration";
import { ACTIONS, type RecordEntry } from "./entry";

const weights = z.looseObject({ blue: z.number(), green: z.number() });

/** Loose: what a later version adds is part of what was hashed. */
const entry = z.looseObject({
  service: z.string(),
  at: z.string(),
  by: z.string(),
  action: z.enum(ACTIONS),
  why: z.string(),
  live: z.enum(SLOTS),
  from: weights,
  to: weights,
  mirror: z.number().optional(),
  digests: z.looseObject({ blue: z.string().optional(), green: z.string().optional() }),
  models: z
    .looseObject({ blue: z.array(z.string()).optional(), green: z.array(z.string()).optional() })
    .optional(),
  gates: z.array(
    z.looseObject({
      gate: z.string(),
      verdict: z.enum(["passed", "failed", "inconclusive"]),
      value: z.number().nullable(),
      min: z.number().optional(),
      max: z.number().optional(),
      reason: z.string(),
    }),
  ),
  sequence: z.int().min(1),
  previous: z.string(),
  hash: z.string(),
  signature: z.string(),
});

export type ReadEntry = { readonly entry: RecordEntry } | { readonly problem: string };

/** Reads an entry as it is stored. Whether it is genuine is `verifyRecord`'s to say. */
export function readEntry(json: string): ReadEntry {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: "is not JSON" };
  }
  const read = entry.safeParse(value);
  if (read.success) return { entry: read.data };
  const issue = read.error.issues[0]!;
  const path = issue.path.join(".");
  return { problem: path === "" ? "is not an entry" : `has no usable \`${path}\`` };
}
