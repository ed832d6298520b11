import { casesOf, itHolds, type Case } from "./support/promtool-case";
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
const beyond = (metric: string, value: string, bound: string) =>
  ticket(`text: ${metric} of ocr version 4 is ${value} (${bound}), segment all`, {
    metric,
    segment: "all",
    sign: `bound-${metric}`,
  });

const DRIFTS = casesOf(DRIFT, [
  [
    "three features have drifted in two windows",
    { [features("drifted")]: "0x5 3x30", [features("drifted", "text-2")]: "0x35" },
    [ticket("text: 3 features of ocr version 4 have drifted")],
  ],
  ["one window alone, as chance has it", { [features("drifted")]: "0x5 3x10 0x20" }, []],
  ["nothing drifts", { [features("drifted")]: "0x35", [features("stable")]: "12x35" }, []],
  ["a model without a baseline", {}, []],
]);

/** No window had enough rows for a judgement. */
const unjudged = (minutes: number) => ({
  [features("drifted")]: `0x${minutes}`,
  [features("stable")]: `0x${minutes}`,
  [features("insufficient")]: `12x${minutes}`,
});
const stable = (minutes: number) => ({ [features("stable")]: `12x${minutes}` });
const asked = (minutes: number, perMinute = 5) => ({ [answers]: `0+${perMinute}x${minutes}` });
const ofFourHours = (minutes: number) => ({ [length]: `14400x${minutes}` });

const MISSINGS = casesOf(MISSING, [
  ["no window ever had enough rows, and yet it is asked", { ...unjudged(130), ...asked(130) }, [unknown]],
  [
    "the last judgement is an hour and a half old",
    { ...stable(220), [judged]: "3600x220", ...asked(220) },
    [unknown],
    { at: "3h" },
  ],
  ["it was judged a moment ago", { ...stable(130), [judged]: "0+60x130", ...asked(130) }, []],
  ["hardly anybody asks", { ...unjudged(130), ...asked(130, 1) }, []],
  [
    "a window of four hours, judged every two",
    {
      ...stable(600),
      ...ofFourHours(600),
      [judged]: "_x119 7200x119 14400x119 21600x119 28800x119",
      ...asked(600, 60),
    },
    [],
    { at: "5h55m" },
  ],
  [
    "a window of four hours that nobody has judged for five",
    { ...stable(600), ...ofFourHours(600), [judged]: "_x119 7200x480", ...asked(600, 60) },
    [unknown],
    { at: "7h" },
  ],
  [
    "the first window of four hours has not ended yet",
    { ...unjudged(130), ...ofFourHours(130), ...asked(130, 60) },
    [],
    { at: "1h50m" },
  ],
  [
    "a window of four hours had too few rows",
    { ...unjudged(220), ...ofFourHours(220), [judged]: "_x119 7200x100", ...asked(220, 60) },
    [unknown],
    { at: "2h40m" },
  ],
  ["a model without a baseline is asked", asked(130, 60), []],
]);

/** The comparison is with the day that ended an hour ago. */
const day = (before: number, now: number) => `${before}x300 ${now}x20`;
/** A metric of one pod, and of how many rows it is. */
const graded = (metric: string, values: string, rows = "500x320") => ({
  [quality(metric)]: values,
  [samples()]: rows,
});
/** The same of a second pod. */
const alsoGraded = (metric: string, values: string, rows = "500x320") => ({
  [quality(metric, "all", "text-2")]: values,
  [samples("all", "text-2")]: rows,
});
const asAnotherJob = (series: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(series).map(([name, values]) => [name.replace("{", '{job="other",'), values]),
  );

const QUALITIES = casesOf(QUALITY, [
  [
    "accuracy has fallen by ten points",
    { ...graded("accuracy", day(0.95, 0.85)), ...alsoGraded("accuracy", day(0.95, 0.85)) },
    [worse("accuracy", "0.1")],
  ],
  [
    "of one segment alone",
    {
      ...graded("f1", day(0.95, 0.94)),
      [quality("f1", "country=de")]: day(0.95, 0.8),
      [samples("country=de")]: "150x320",
    },
    [worse("f1", "0.15", "country=de")],
  ],
  ["four points", graded("accuracy", day(0.95, 0.91)), []],
  ["too few answers with a known truth", graded("accuracy", day(0.95, 0.5), "99x320"), []],
  [
    "one of two pods has begun anew, and its first 40 answers were wrong",
    { ...graded("f1", day(0.9, 0.9), "5000x320"), ...alsoGraded("f1", day(0.9, 0), day(5000, 40)) },
    [],
  ],
  [
    "of two pods that know enough together, both are worse",
    { ...graded("f1", day(0.9, 0.8), "90x320"), ...alsoGraded("f1", day(0.9, 0.6), "30x320") },
    [worse("f1", "0.15")],
  ],
  [
    "a metric that is defined in one pod alone",
    { ...graded("roc_auc", day(0.9, 0.7)), [samples("all", "text-2")]: "500x320" },
    [worse("roc_auc", "0.2")],
  ],
  [
    "two jobs scrape the pod",
    { ...graded("accuracy", day(0.95, 0.85)), ...asAnotherJob(graded("accuracy", day(0.95, 0.85))) },
    [worse("accuracy", "0.1")],
  ],
  [
    "yesterday's first three answers happened to be right",
    graded("accuracy", "1x40 0.9x300", "3x40 500x300"),
    [],
    { at: "4h" },
  ],
  ["it has become better", { ...graded("accuracy", day(0.8, 0.95)), [quality("rmse")]: day(12, 8) }, []],
  [
    "errors have grown by half, and confidence is wrong",
    {
      ...graded("rmse", day(8, 12)),
      [quality("mae")]: day(8, 9),
      [quality("calibration_error")]: day(0.02, 0.1),
    },
    [worse("calibration_error", "0.08"), worse("rmse", "0.5")],
  ],
  ["a version that is new", graded("accuracy", "_x300 0.5x20", "_x300 500x20"), []],
  ["no truth is fed back", {}, []],
]);

const BOUNDED: readonly Case[] = casesOf({ ...QUALITY, at: "30m" }, [
  [
    "a new version is worse than it may be",
    { ...graded("accuracy", "0.89x10", "500x10"), [quality("rmse")]: "10.5x10" },
    [beyond("accuracy", "0.89", "at least 0.9"), beyond("rmse", "10.5", "at most 10")],
  ],
  [
    "just as good as it must be",
    { ...graded("accuracy", "0.9x10", "500x10"), [quality("rmse")]: "10x10" },
    [],
  ],
]);

describe("alerts on drift and quality", () => {
  itHolds(platform(), [...DRIFTS, ...MISSINGS, ...QUALITIES], 60);

  describe("with bounds for quality", () => {
    itHolds(platform({ qualityBounds: { accuracy: 0.9, rmse: 10 } }), BOUNDED, 60);
  });
});
