import type { Gate } from "../rollout/declaration";
import type { Field } from "./fields";

type Fields = Readonly<Record<string, Field>>;
type KeysOf<T> = T extends unknown ? keyof T : never;

/** Fields that gates have in common which measure. */
const MEASURING_FIELDS = {
  initialDelay: {
    type: "number",
    default: "`0`",
    doc: "Seconds of a step that pass before it is asked first.",
  },
  every: { type: "number", default: "`10`", doc: "Seconds between two measurements." },
  failureLimit: {
    type: "number",
    default: "`0`",
    doc: "Measurements of a step that may be bad before the rollout goes back.",
  },
  inconclusiveLimit: {
    type: "number",
    default: "`3`",
    doc: "Measurements of a step that may say nothing before the rollout stops.",
  },
  minimumSamples: {
    type: "number",
    default: "`0`",
    doc: "Requests that the candidate must have answered in the window, else the measurement says nothing.",
  },
} as const satisfies Fields;

const DATASET_FIELDS = {
  model: { type: "text", required: true, doc: "The model that is asked." },
  dataset: {
    type: "text",
    required: true,
    doc: "ConfigMap of the services' namespace with the questions in `dataset.json`: a list of `{ inputs, label }`.",
  },
  output: { type: "text", doc: "The output that is judged; a model with one needs none named." },
} as const satisfies Fields;

/** Fields of an entry of `gates`, by its kind. */
export const GATE_FIELDS = {
  prometheus: {
    query: {
      type: "text",
      required: true,
      doc: "PromQL with one number as its result; `{{slot}}`, `{{live}}`, `{{service}}`, `{{liveService}}`, `{{namespace}}` and `{{window}}` are filled in.",
    },
    min: { type: "number", doc: "At least; one of `min` and `max` must be given." },
    max: { type: "number", doc: "At most." },
    ...MEASURING_FIELDS,
  },
  errorRate: {
    maxPercent: {
      type: "number",
      default: "`1`",
      doc: "At most so many percent of the candidate's requests may fail.",
    },
    notWorseThanLiveBy: { type: "number", doc: "At most so many percentage points above the live slot's." },
    ...MEASURING_FIELDS,
  },
  latency: {
    quantile: {
      type: "number",
      default: "`0.99`",
      doc: "Which requests it is about, as a share: `0.99` for p99.",
    },
    maxSeconds: {
      type: "number",
      doc: "Seconds at most, less than 63; one of this and the next must be given.",
    },
    notSlowerThanLiveBy: { type: "number", doc: "At most so many percent above the live slot's." },
    ...MEASURING_FIELDS,
  },
  comparison: {
    maxPercent: {
      type: "number",
      default: "`1`",
      doc: "At most so many percent of the compared requests may have answers that differ; only with strategy `shadow`.",
    },
    ...MEASURING_FIELDS,
  },
  feedback: {
    model: { type: "text", required: true, doc: "One whose `model.json` has `feedback`." },
    metric: {
      type: "text",
      required: true,
      doc: "`accuracy`, `precision`, `recall`, `f1`, `rmse` or `mae` of answers whose truth has come.",
    },
    threshold: {
      type: "number",
      doc: "At least; at most for `rmse` and `mae`. One of this and the next must be given.",
    },
    notWorseThanLiveBy: {
      type: "number",
      doc: "How much worse than the live slot it may be, in the metric's unit.",
    },
    segment: { type: "text", default: "`all`", doc: "What it is about: `all`, or `KEY=VALUE` of a segment." },
    window: { type: "number", default: "`3600`", doc: "Seconds that it looks back, by when truth came." },
    ...MEASURING_FIELDS,
    minimumSamples: {
      type: "number",
      default: "`100`",
      doc: "Samples whose truth must have come in that time, of the candidate and of a live slot that it is compared with.",
    },
  },
  quality: {
    ...DATASET_FIELDS,
    metric: { type: "text", required: true, doc: "`accuracy`, `f1`, `rocAuc` or `rmse`." },
    threshold: {
      type: "number",
      doc: "At least; at most for `rmse`. One of this and the next must be given.",
    },
    notWorseThanLiveBy: {
      type: "number",
      doc: "How much worse than the live slot it may be, in the metric's unit.",
    },
  },
  drift: {
    ...DATASET_FIELDS,
    method: {
      type: "text",
      default: "`psi`",
      doc: "How far answers lie from the live slot's: `psi` (population stability index) or `ks` (Kolmogorov-Smirnov).",
    },
    threshold: { type: "number", default: "`0.2`", doc: "At most." },
  },
  job: {
    image: {
      type: "text",
      required: true,
      doc: "Image, with a digest; it passes where its pod ends with status 0.",
    },
    command: { type: "list of texts", default: "the image's", doc: "What is run." },
    args: { type: "list of texts", default: "the image's", doc: "Its arguments." },
    env: {
      type: "map of texts",
      default: "`{}`",
      doc: "Further environment; `SLIPWAY_CANDIDATE_URL`, `SLIPWAY_LIVE_URL` and `SLIPWAY_CA_FILE` are always there.",
    },
    timeout: { type: "number", default: "`300`", doc: "Seconds until it counts as failed." },
  },
  approval: {},
} as const satisfies {
  [K in Gate["kind"]]: Record<Exclude<KeysOf<Extract<Gate, { kind: K }>>, "kind" | "name">, Field>;
};
