import { promqlProblem } from "../../../rollout/gates/promql";

/** `page` wakes somebody, `ticket` waits for the morning. */
export type Severity = "page" | "ticket";

/** Every alert of the platform. Each has a page `docs/runbooks/<name>.md`. */
export const ALERT_NAMES = [
  "SlipwayAvailabilityBudgetBurn",
  "SlipwayLatencyBudgetBurn",
  "SlipwayModelNotReady",
  "SlipwayTargetMissing",
  "SlipwayQueueSaturated",
  "SlipwayGpuMemorySaturated",
  "SlipwayGpuErrors",
  "SlipwayRolloutStuck",
  "SlipwayCertificateExpiring",
  "SlipwayDriftDetected",
  "SlipwayDriftDataMissing",
  "SlipwayQualityDegraded",
] as const;
export type AlertName = (typeof ALERT_NAMES)[number];

/** An alert as it is thought of. */
export interface Alert {
  readonly name: AlertName;
  readonly severity: Severity;
  readonly expr: string;
  /** How long it must hold before it fires, as Prometheus writes durations. */
  readonly for: string;
  /** Labels besides `severity`; those of the expression's series are there anyway. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One line, with the labels as `{{ $labels.service }}`. */
  readonly summary: string;
  /** What it means for users, and the number. */
  readonly description: string;
}

/** Rules as a PrometheusRule has them. */
export interface AlertingRule {
  readonly alert: AlertName;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

export interface RecordingRule {
  /** level:metric:operations */
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/**
 * A group of rules that are evaluated one after the other.
 * @param seconds between two evaluations
 * @throws Error for an expression that Prometheus could not evaluate
 */
export function ruleGroup(name: string, seconds: number, rules: readonly Rule[]): RuleGroup {
  for (const rule of rules) {
    const wrong = promqlProblem(rule.expr);
    const what = "alert" in rule ? `alert ${rule.alert}` : `recording rule ${rule.record}`;
    if (wrong) throw new Error(`${what} of group "${name}": \`${rule.expr}\` ${wrong}`);
  }
  return { name, interval: `${seconds}s`, rules };
}

export function recording(
  record: string,
  expr: string,
  labels?: Readonly<Record<string, string>>,
): RecordingRule {
  return { record, expr, ...(labels ? { labels } : {}) };
}

/** @param runbookBaseUrl where the pages lie, without a slash at its end */
export function alerting(alert: Alert, runbookBaseUrl: string): AlertingRule {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.for,
    labels: { ...alert.labels, severity: alert.severity },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookBaseUrl}/${alert.name}.md`,
    },
  };
}

/** Label matchers, `{a="b",c=~"d|e"}`. */
export function selector(labels: Readonly<Record<string, string | readonly string[]>>): string {
  const pairs = Object.entries(labels).map(([name, value]) =>
    typeof value === "string" ? `${name}=${quoted(value)}` : oneOf(name, value),
  );
  return `{${pairs.join(",")}}`;
}

function oneOf(name: string, values: readonly string[]): string {
  if (values.length === 1) return `${name}=${quoted(values[0]!)}`;
  return `${name}=~${quoted(values.map((value) => value.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&")).join("|"))}`;
}

/** A PromQL string; JSON's escapes are a subset of Go's for what is printable. */
export const quoted = (text: string): string => JSON.stringify(text);

/** 0.0009999999999998899 as 0.001. */
export const plain = (value: number): string => String(Number(value.toPrecision(12)));

/** Whole seconds as Prometheus writes durations: 5400 as 90m. */
export function duration(seconds: number): string {
  for (const [unit, length] of UNITS) if (seconds % length === 0) return `${seconds / length}${unit}`;
  return `${seconds}s`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
] as const;
