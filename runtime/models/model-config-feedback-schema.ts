import type { z } from "zod";
import type { FeedbackConfig } from "./model-config-types";
import { choice, list, matching, named, number, object, text, whole } from "./model-config-rules";
import { FEEDBACK_DEFAULTS as DEFAULTS } from "../feedback/feedback-defaults";

const SEGMENT = matching(
  /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
  "a letter and up to 62 letters, digits, underscores, dots or dashes after it",
);

/** `feedback` in `model.json`. */
export const feedbackSchema = object({
  output: text().describe("the output that is graded"),
  task: choice(["classification", "binary", "regression"]).describe(
    "what the output says: one of several classes, yes or no, or numbers",
  ),
  classes: list(text(), "a list of names, at least two", 2)
    .optional()
    .describe("names of the classes by index; truth may then name them, and other names are refused"),
  positiveClass: text()
    .optional()
    .describe("of `binary`: which of the two `classes` is yes; left out, the second"),
  threshold: number()
    .optional()
    .meta({ description: "of `binary`: from which score on the answer is yes", default: DEFAULTS.threshold }),
  retentionSeconds: whole(1, 31_536_000).optional().meta({
    description: "seconds for which an answer waits for its truth",
    default: DEFAULTS.retentionSeconds,
  }),
  maxPredictions: whole(1, 1_000_000).optional().meta({
    description: "answers that wait for their truth at most; the oldest go",
    default: DEFAULTS.maxPredictions,
  }),
  maxBytes: whole(65_536, 1_073_741_824).optional().meta({
    description: "bytes that they are estimated to hold at most; the oldest go",
    default: DEFAULTS.maxBytes,
  }),
  sampleRatio: number(0, 1).optional().meta({
    description: "share of the answers that are kept, chosen by their request ids: all replicas choose alike",
    default: DEFAULTS.sampleRatio,
  }),
  windowSeconds: whole(1, 31_536_000).optional().meta({
    description: "seconds since their truth came for which graded samples count",
    default: DEFAULTS.windowSeconds,
  }),
  windowSamples: whole(10, 50_000).optional().meta({
    description: "samples that count at most, the latest ones",
    default: DEFAULTS.windowSamples,
  }),
  segments: named(
    object({
      maxValues: whole(1, 100).optional().meta({
        description: "values with a metric of their own; further ones share one, `KEY:other`",
        default: DEFAULTS.maxValues,
      }),
    }),
    "an object of segment to its limits",
    SEGMENT,
  )
    .optional()
    .describe('what feedback may be told apart by, e.g. `{"country": {}}`; at most 5'),
}) satisfies z.ZodType<FeedbackConfig>;
