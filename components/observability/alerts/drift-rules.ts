import { DRIFT_METRIC, METRIC, QUALITY_METRIC } from "../../../runtime/contract";
import { BETTER_HIGH, BETTER_LOW, type ResolvedAlerts } from "./alert-settings";
import { duration, plain, recording, selector, type Alert, type RecordingRule } from "./rule";

const BY = "namespace, service, model, version";
/** What `qualityRecords` records and the alerts read. */
const QUALITY = "version:slipway_quality:mean";
const NAMED = "{{ $labels.model }} version {{ $labels.version }}";

/** Answers in the time without a judgement from which on there should have been one. */
const LEAST_ANSWERS = 100;

/** Models whose inputs or outputs are not what they were trained on, and those of which that is not known. */
export function driftAlerts(namespace: string, { driftPatience, driftSilence }: ResolvedAlerts): Alert[] {
  const { features, lastJudged, windowSeconds } = DRIFT_METRIC;
  const judged = `max by (${BY}) (${lastJudged}${selector({ namespace })})`;
  const window = duration(driftSilence);
  // Features of which there were too few rows are in neither of these.
  const known = `${features}${selector({ namespace, state: ["drifted", "stable"] })}`;
  const unjudged = `sum by (${BY}) (max_over_time(${known}[${window}])) == 0`;
  const length = `max by (${BY}) (${windowSeconds}${selector({ namespace })})`;
  // Nobody can know more of a longer window before its first half has ended.
  const first = `(${length} > ${driftSilence} unless ${judged})`;
  // Servers from before this version do not say how long their windows are.
  const longest = `(clamp_min(${length}, ${driftSilence}) or 0 * ${judged} + ${driftSilence})`;
  const answered = `sum by (${BY}) (increase(${METRIC.requests}${selector({ namespace, code: "OK" })}[${window}]))`;
  return [
    {
      name: "SlipwayDriftDetected",
      severity: "ticket",
      expr: `max by (${BY}) (${features}${selector({ namespace, state: "drifted" })}) > 0`,
      for: duration(driftPatience),
      summary: `{{ $labels.service }}: {{ $value }} features of ${NAMED} have drifted`,
      description: `What ${NAMED} is asked, or answers, is no longer distributed as in its baseline. Its answers may be worse than they were, and nothing else tells.`,
    },
    {
      name: "SlipwayDriftDataMissing",
      severity: "ticket",
      expr: `(${unjudged} unless ${first} or time() - ${judged} > ${longest}) and ${answered} >= ${LEAST_ANSWERS}`,
      for: "30m",
      summary: `{{ $labels.service }}: the drift of ${NAMED} is not known`,
      description: `${NAMED} is asked and has a baseline, but no window has been judged for ${window}, nor for as long as a window is: drift would go unnoticed.`,
    },
  ];
}

/**
 * The quality of a version as a whole: each pod's by its samples, because one that has just started knows a few only. Where those of
 * all pods together are too few to say anything, there is none: neither now nor, later, as what it is compared with.
 */
export function qualityRecords(
  namespace: string,
  { qualitySamples }: Pick<ResolvedAlerts, "qualitySamples">,
): RecordingRule[] {
  const quality = `${QUALITY_METRIC.quality}${selector({ namespace })}`;
  const pod = `${BY}, pod, segment`;
  // Once, also where several jobs scrape a pod: Prometheus refuses to match it twice.
  const samples = `on (${pod}) group_left () max by (${pod}) (${QUALITY_METRIC.samples}${selector({ namespace })})`;
  const over = (expr: string) => `sum by (${BY}, segment, metric) (${expr})`;
  // Not of all pods: a metric such as `roc_auc` may be defined in some of them only.
  const counted = over(`0 * ${quality} + ${samples}`);
  return [
    recording(QUALITY, `${over(`${quality} * ${samples}`)} / (${counted} >= ${plain(qualitySamples)})`),
  ];
}

/** Models whose answers turn out to be wrong more often than they were, or than they may be. */
export function qualityAlerts(namespace: string, settings: ResolvedAlerts): Alert[] {
  const { qualityDrop, qualityErrorGrowth, qualityBounds } = settings;
  const now = (metric: readonly string[]) => `${QUALITY}${selector({ namespace, metric })}`;
  const before = (metric: readonly string[]) => `avg_over_time(${now(metric)}[1d] offset 1h)`;
  const [calibration, ...errors] = BETTER_LOW;
  const drop = plain(qualityDrop);
  const worse = [
    `${before(BETTER_HIGH)} - ${now(BETTER_HIGH)} > ${drop}`,
    `${now([calibration])} - ${before([calibration])} > ${drop}`,
    `${now(errors)} / (${before(errors)} > 0) - 1 > ${plain(qualityErrorGrowth)}`,
  ].map((each) => `(${each})`);
  const quality = (sign: string, expr: string, summary: string, description: string): Alert => ({
    name: "SlipwayQualityDegraded",
    severity: "ticket",
    expr,
    for: "15m",
    labels: { sign },
    summary,
    description,
  });
  const bounds = Object.entries(qualityBounds).map(([metric, bound]) => {
    const isBetterHigh = (BETTER_HIGH as readonly string[]).includes(metric);
    return quality(
      `bound-${metric}`,
      `${now([metric])} ${isBetterHigh ? "<" : ">"} ${plain(bound)}`,
      `{{ $labels.service }}: ${metric} of ${NAMED} is {{ printf "%.3g" $value }} (${isBetterHigh ? "at least" : "at most"} ${plain(bound)}), segment {{ $labels.segment }}`,
      `Judged by the truth that was fed back, ${metric} of ${NAMED} is beyond the bound that was set for it.`,
    );
  });
  return [
    quality(
      "worse",
      worse.join(" or "),
      `{{ $labels.service }}: {{ $labels.metric }} of ${NAMED} is worse than yesterday by {{ printf "%.3g" $value }}, segment {{ $labels.segment }}`,
      `Judged by the truth that was fed back, the answers of ${NAMED} have become worse within a day.`,
    ),
    ...bounds,
  ];
}
