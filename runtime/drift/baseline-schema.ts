import { z } from "zod";
import { BASELINE_FORMAT } from "./baseline";

const count = z.int("a whole number >= 0").min(0, "a whole number >= 0");
const number = z.number("a number");
const sha256 = z.string("64 lower-case hex digits").regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");

const numeric = z.object(
  {
    kind: z.literal("numeric"),
    count,
    missing: count,
    min: number,
    max: number,
    mean: number,
    standardDeviation: number.min(0, "a number >= 0"),
    edges: z.array(number, "a list of numbers"),
    counts: z.array(count, "a list of whole numbers"),
    binMeans: z.array(number, "a list of numbers").optional(),
  },
  "an object",
);

const categorical = z.object(
  {
    kind: z.literal("categorical"),
    count,
    missing: count,
    values: z.record(z.string(), count, "an object of counts by value"),
    other: count,
  },
  "an object",
);

/** Shape of `baseline.json`; unknown fields are passed over, so that later formats of the same version are read. */
export const baselineSchema = z.object(
  {
    format: z.literal(BASELINE_FORMAT, `\`${BASELINE_FORMAT}\`, as \`slipway baseline\` writes it`),
    modelSha256: sha256.optional(),
    data: z.object({ file: z.string("a text"), sha256, rows: count }, "an object"),
    features: z.record(
      z.string(),
      z.discriminatedUnion("kind", [numeric, categorical], "an object of `kind` numeric or categorical"),
      "an object of features by name",
    ),
    projections: z
      .record(
        z.string(),
        z.object(
          {
            dimensions: count.min(1, "a whole number >= 1"),
            count: count.min(1, "a whole number >= 1"),
            seed: count,
          },
          "an object",
        ),
        "an object of projections by tensor",
      )
      .optional(),
  },
  "an object",
);
