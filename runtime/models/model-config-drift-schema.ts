import { DEFAULT_THRESHOLDS } from "../drift/judge";
import { DRIFT_DEFAULTS } from "../drift/monitor/drift-config";
import { MEASURES } from "../drift/scores";
import { choice, flag, number, object, whole } from "./model-config-rules";

const thresholds = MEASURES.map((measure) => `${DEFAULT_THRESHOLDS[measure]} for \`${measure}\``).join(", ");

/** `drift` in `model.json`. */
export const driftSchema = object(
  {
    windowSeconds: whole(2, 604_800).optional().meta({
      description: "seconds of the window that is judged; a new one begins with each half of it",
      default: DRIFT_DEFAULTS.windowSeconds,
    }),
    minSamples: whole(30, 1_000_000).optional().meta({
      description: "rows of a feature in a window without which it is not judged",
      default: DRIFT_DEFAULTS.minSamples,
    }),
    measure: choice(MEASURES).optional().meta({
      description: "the score that `threshold` is of; features of texts know `psi` and `jensen_shannon`",
      default: DRIFT_DEFAULTS.measure,
    }),
    threshold: number(0, 1000)
      .optional()
      .describe(
        `score from which on a feature has drifted, where its p-value is below \`alpha\` too; left out, ${thresholds}`,
      ),
    alpha: number(0, 1).optional().meta({
      description: "p-value, adjusted for the number of features, below which a difference is no chance",
      default: DRIFT_DEFAULTS.alpha,
    }),
    maxFeatures: whole(1, 1024).optional().meta({
      description:
        "features with series of their own: those that have drifted, then the baseline's first ones",
      default: DRIFT_DEFAULTS.maxFeatures,
    }),
    maxRowsPerSecond: whole(1, 100_000).optional().meta({
      description: "rows of a second that are summarised, drawn from all that come in it",
      default: DRIFT_DEFAULTS.maxRowsPerSecond,
    }),
    outliers: object({
      perRequest: flag().optional().meta({
        description:
          "counts requests with a value that the training data has nothing like, and says so in their answers' parameter `outlier`",
        default: false,
      }),
      margin: number(0, 1000).optional().meta({
        description:
          "interquartile ranges that a number may lie beyond the least and the largest one of the training data",
        default: DRIFT_DEFAULTS.margin,
      }),
    })
      .optional()
      .describe("requests that are unlike the training data by themselves"),
  },
  "an object or false",
);
