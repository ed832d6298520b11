import { itHolds, type Case } from "./support/promtool-case";
import { platform } from "./support/rules";

const MODEL = { namespace: "models", service: "text", model: "ocr", version: "4" };
const of = (pod: string, more = "") =>
  `{namespace="models",service="text",pod="${pod}",model="ocr",version="4"${more}}`;
const features = (state: string, pod = "text-1") => `slipway_drift_features${of(pod, `,state="${state}"`)}`;
const length = `slipway_drift_window_seconds${of("text-1")}`;
const judged = `slipway_drift_last_judged_timestamp_seconds${of("text-1")}`;
const answers = `slipway_inference_requests_total${of("text-1", ',code="OK"')}`;
const quality = (metric: string, segment = "all", pod = "text-1") =>
  `slipway_quality${of(pod, `,metric="${metric}",segment="${segment}"`)}`;
const samples = (segment = "all", pod = "text-1") =>
  `slipway_quality_samples${of(pod, `,segment="${segment}"`)}`;

const DRIFT = { alert: "SlipwayDriftDetected", interval: "1m", at: "30m" } as const;
const MISSING = { alert: "SlipwayDriftDataMissing", interval: "1m", at: "2h" } as const;
const QUALITY = { alert: "SlipwayQualityDegraded", interval: "5m", evaluation: 300, at: "26h" } as const;

const ticket = (summary: string, labels: Record<string, string> = {}) => ({
  severity: "ticket" as const,
  labels: { ...MODEL, ...labels },
  summary,
});
const unknown = ticket("text: the drift of ocr version 4 is not known");
const worse = (metric: string, by: string, segment = "all") =>
  ticket(`text: ${metric} of ocr version 4 is worse than yesterday by ${by}, segment ${segment}`, {
    metric,
    segment,
    sign: "worse",
  });

const DRIFTS: readonly Case[] = [
  {
    ...DRIFT,
    what: "three features have drifted in two windows",
    series: { [features("drifted")]: "0x5 3x30", [features("drifted", "text-2")]: "0x35" },
    fires: [ticket("text: 3 features of ocr version 4 have drifted")],
  },
  {
    ...DRIFT,
    what: "one window alone, as chance has it",
    series: { [features("drifted")]: "0x5 3x10 0x20" },
    fires: [],
  },
  {
    ...DRIFT,
    what: "nothing drifts",
    series: { [features("drifted")]: "0x35", [features("stable")]: "12x35" },
    fires: [],
  },
  { ...DRIFT, what: "a model without a baseline", series: {}, fires: [] },
  {
    ...MISSING,
    what: "no window ever had enough rows, and yet it is asked",
    series: {
      [features("drifted")]: "0x130",
      [features("stable")]: "0x130",
      [features("insufficient")]: "12x130",
      [answers]: "0+5x130",
    },
    fires: [unknown],
  },
  {
    ...MISSING,
    what: "the last judgement is an hour and a half old",
    series: { [features("stable")]: "12x220", [judged]: "3600x220", [answers]: "0+5x220" },
    at: "3h",
    fires: [unknown],
  },
  {
    ...MISSING,
    what: "it was judged a moment ago",
    series: { [features("stable")]: "12x130", [judged]: "0+60x130", [answers]: "0+5x130" },
    fires: [],
  },
  {
    ...MISSING,
    what: "hardly anybody asks",
    series: {
      [features("drifted")]: "0x130",
      [features("stable")]: "0x130",
      [features("insufficient")]: "12x130",
      [answers]: "0+1x130",
    },
    fires: [],
  },
  {
    ...MISSING,
    what: "a window of four hours, judged every two",
    series: {
      [features("stable")]: "12x600",
      [length]: "14400x600",
      [judged]: "_x119 7200x119 14400x119 21600x119 28800x119",
      [answers]: "0+60x600",
    },
    at: "5h55m",
    fires: [],
  },
  {
    ...MISSING,
    what: "a window of four hours that nobody has judged for five",
    series: {
      [features("stable")]: "12x600",
      [length]: "14400x600",
      [judged]: "_x119 7200x480",
      [answers]: "0+60x600",
    },
    at: "7h",
    fires: [unknown],
  },
  {
    ...MISSING,
    what: "the first window of four hours has not ended yet",
    series: {
      [features("drifted")]: "0x130",
      [features("stable")]: "0x130",
      [features("insufficient")]: "12x130",
      [length]: "14400x130",
      [answers]: "0+60x130",
    },
    at: "1h50m",
    fires: [],
  },
  {
    ...MISSING,
    what: "a window of four hours had too few rows",
    series: {
      [features("drifted")]: "0x220",
      [features("stable")]: "0x220",
      [features("insufficient")]: "12x220",
      [length]: "14400x220",
      [judged]: "_x119 7200x100",
      [answers]: "0+60x220",
    },
    at: "2h40m",
    fires: [unknown],
  },
  { ...MISSING, what: "a model without a baseline is asked", series: { [answers]: "0+60x130" }, fires: [] },
];

/** The comparison is with the day that ended an hour ago. */
const day = (before: number, now: number) => `${before}x300 ${now}x20`;

const QUALITIES: readonly Case[] = [
  {
    ...QUALITY,
    what: "accuracy has fallen by ten points",
    series: {
      [quality("accuracy")]: day(0.95, 0.85),
      [quality("accuracy", "all", "text-2")]: day(0.95, 0.85),
      [samples()]: "500x320",
      [samples("all", "text-2")]: "500x320",
    },
    fires: [worse("accuracy", "0.1")],
  },
  {
    ...QUALITY,
    what: "of one segment alone",
    series: {
      [quality("f1")]: day(0.95, 0.94),
      [quality("f1", "country=de")]: day(0.95, 0.8),
      [samples()]: "500x320",
      [samples("country=de")]: "150x320",
    },
    fires: [worse("f1", "0.15", "country=de")],
  },
  {
    ...QUALITY,
    what: "four points",
    series: { [quality("accuracy")]: day(0.95, 0.91), [samples()]: "500x320" },
    fires: [],
  },
  {
    ...QUALITY,
    what: "too few answers with a known truth",
    series: { [quality("accuracy")]: day(0.95, 0.5), [samples()]: "99x320" },
    fires: [],
  },
  {
    ...QUALITY,
    what: "one of two pods has begun anew, and its first 40 answers were wrong",
    series: {
      [quality("f1")]: day(0.9, 0.9),
      [quality("f1", "all", "text-2")]: day(0.9, 0),
      [samples()]: "5000x320",
      [samples("all", "text-2")]: day(5000, 40),
    },
    fires: [],
  },
  {
    ...QUALITY,
    what: "of two pods that know enough together, both are worse",
    series: {
      [quality("f1")]: day(0.9, 0.8),
      [quality("f1", "all", "text-2")]: day(0.9, 0.6),
      [samples()]: "90x320",
      [samples("all", "text-2")]: "30x320",
    },
    fires: [worse("f1", "0.15")],
  },
  {
    ...QUALITY,
    what: "a metric that is defined in one pod alone",
    series: {
      [quality("roc_auc")]: day(0.9, 0.7),
      [samples()]: "500x320",
      [samples("all", "text-2")]: "500x320",
    },
    fires: [worse("roc_auc", "0.2")],
  },
  {
    ...QUALITY,
    what: "two jobs scrape the pod",
    series: {
      [quality("accuracy")]: day(0.95, 0.85),
      [samples()]: "500x320",
      [quality("accuracy").replace("{", '{job="other",')]: day(0.95, 0.85),
      [samples().replace("{", '{job="other",')]: "500x320",
    },
    fires: [worse("accuracy", "0.1")],
  },
  {
    ...QUALITY,
    what: "yesterday's first three answers happened to be right",
    series: { [quality("accuracy")]: "1x40 0.9x300", [samples()]: "3x40 500x300" },
    at: "4h",
    fires: [],
  },
  {
    ...QUALITY,
    what: "it has become better",
    series: { [quality("accuracy")]: day(0.8, 0.95), [quality("rmse")]: day(12, 8), [samples()]: "500x320" },
    fires: [],
  },
  {
    ...QUALITY,
    what: "errors have grown by half, and confidence is wrong",
    series: {
      [quality("rmse")]: day(8, 12),
      [quality("mae")]: day(8, 9),
      [quality("calibration_error")]: day(0.02, 0.1),
      [samples()]: "500x320",
    },
    fires: [worse("calibration_error", "0.08"), worse("rmse", "0.5")],
  },
  {
    ...QUALITY,
    what: "a version that is new",
    series: { [quality("accuracy")]: "_x300 0.5x20", [samples()]: "_x300 500x20" },
    fires: [],
  },
  { ...QUALITY, what: "no truth is fed back", series: {}, fires: [] },
];

const beyond = (metric: string, value: string, bound: string) =>
  ticket(`text: ${metric} of ocr version 4 is ${value} (${bound}), segment all`, {
    metric,
    segment: "all",
    sign: `bound-${metric}`,
  });

describe("alerts on drift and quality", () => {
  itHolds(platform(), [...DRIFTS, ...QUALITIES], 60);

  describe("with bounds for quality", () => {
    itHolds(
      platform({ qualityBounds: { accuracy: 0.9, rmse: 10 } }),
      [
        {
          ...QUALITY,
          what: "a new version is worse than it may be",
          series: { [quality("accuracy")]: "0.89x10", [quality("rmse")]: "10.5x10", [samples()]: "500x10" },
          at: "30m",
          fires: [beyond("accuracy", "0.89", "at least 0.9"), beyond("rmse", "10.5", "at most 10")],
        },
        {
          ...QUALITY,
          what: "just as good as it must be",
          series: { [quality("accuracy")]: "0.9x10", [quality("rmse")]: "10x10", [samples()]: "500x10" },
          at: "30m",
          fires: [],
        },
      ],
      60,
    );
  });
});
