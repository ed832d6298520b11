import { METRIC } from "../../../runtime/contract";
import { SERVER_FAULTS } from "../../../rollout/gates/queries";
import type { ResolvedObjectives } from "../../serving/objectives";
import { burnThresholds, neededWindows, type Threshold, type Window } from "./burn-rate";
import {
  alerting,
  plain,
  quoted,
  recording,
  ruleGroup,
  selector,
  type AlertingRule,
  type AlertName,
  type RecordingRule,
  type RuleGroup,
  type Severity,
} from "./rule";
import { ownLabels, rolloutLabel, type ServiceScope } from "./service-scope";

/** Seconds between two evaluations of a service's objectives. */
export const OBJECTIVE_SECONDS = 30;

const REQUESTS = "service:slipway_requests:rate5m";
const FAILED = "service:slipway_failed_requests:rate5m";
const UNSERVED = "service:slipway_unserved_requests:rate1m";
const TIMED = "service:slipway_timed_requests:rate5m";
const SLOW = "service:slipway_slow_requests:rate5m";

/** What of a service's requests was bad, and of which. */
interface Indicator {
  readonly alert: AlertName;
  readonly bad: string;
  readonly all: string;
  readonly percent: number;
  /** Of one request. */
  readonly word: string;
  readonly meaning: string;
}

/** The groups for a service's objectives: rates, their ratios over each window, and the alerts. */
export function objectiveRules(
  scope: ServiceScope,
  objectives: ResolvedObjectives,
  runbookBaseUrl: string,
): RuleGroup[] {
  const { availability, latency } = objectives;
  const groups: RuleGroup[] = [];
  const group = (kind: string, rates: RecordingRule[], indicator: Indicator) => {
    const thresholds = burnThresholds(indicator.percent, objectives.windowDays);
    groups.push(
      ruleGroup(`slipway-${scope.service}-${kind}`, OBJECTIVE_SECONDS, [
        ...rates,
        ...neededWindows(thresholds).map((window) => ratio(scope, indicator, window)),
        ...burnAlerts(scope, indicator, thresholds, objectives, runbookBaseUrl),
      ]),
    );
  };
  if (availability)
    group("availability", availabilityRates(scope), {
      alert: "SlipwayAvailabilityBudgetBurn",
      bad: FAILED,
      all: REQUESTS,
      percent: availability.percent,
      word: "failed",
      meaning: "requests fail by the service's fault or never reach it",
    });
  if (latency)
    group("latency", latencyRates(scope, latency.seconds), {
      alert: "SlipwayLatencyBudgetBurn",
      bad: SLOW,
      all: TIMED,
      percent: latency.percent,
      word: "slow",
      meaning: `requests take longer than ${latency.seconds} s`,
    });
  return groups;
}

/**
 * Requests twice, as the servers and as the gateway count them: the ones know what became of a gRPC call, the other knows what
 * never reached a server. The worse of both ratios counts, not their sum, which would have most failures twice.
 */
function availabilityRates(scope: ServiceScope): RecordingRule[] {
  const server = { namespace: scope.namespace, service: scope.servers };
  const all = `sum(rate(${METRIC.requests}${selector(server)}[5m]))`;
  const failed = `sum(rate(${METRIC.requests}${faulty(selector(server))}[5m]))`;
  const clusters = `(http|grpc)route/${scope.namespace}/${scope.service}(-host)?/rule/[0-9]+`;
  const gateway = (matchers: string) =>
    `sum(rate(envoy_cluster_upstream_rq_xx{envoy_cluster_name=~${quoted(clusters)}${matchers}}[5m]))`;
  // While a service sleeps, requests that wake it are answered like those to a dead one, and the gateway does not say for which.
  const unserved = scope.mayWait
    ? ""
    : ` + (sum(avg_over_time(${UNSERVED}${selector(ownLabels(scope))}[5m])) or vector(0))`;
  const labels = (source: string) => ({ ...ownLabels(scope), source });
  return [
    ...(scope.mayWait ? [] : [unservedRate(scope)]),
    recording(REQUESTS, all, labels("server")),
    recording(FAILED, `${failed} or 0 * ${all}`, labels("server")),
    recording(REQUESTS, `(${gateway("")} or vector(0))${unserved}`, labels("gateway")),
    recording(
      FAILED,
      `(${gateway(',envoy_response_code_class="5"')} or vector(0))${unserved}`,
      labels("gateway"),
    ),
  ];
}

const faulty = (matchers: string) => `${matchers.slice(0, -1)},code=~${quoted(SERVER_FAULTS.join("|"))}}`;

/**
 * Where none of a service's servers is ready, Envoy Gateway makes its routes answer 503 themselves: there is no upstream cluster then
 * that could count, only the listener does, for all routes together. They are taken for this service's while it has no server.
 */
function unservedRate(scope: ServiceScope): RecordingRule {
  const ready = `sum(${METRIC.serverReady}${selector({ namespace: scope.namespace, service: scope.servers })}) > 0`;
  const answered =
    'sum(rate(envoy_http_rq_direct_response{envoy_http_conn_manager_prefix=~"https?-[0-9]+"}[1m]))';
  return recording(UNSERVED, `(${answered} unless on () (${ready})) or vector(0)`, ownLabels(scope));
}

function latencyRates(scope: ServiceScope, seconds: number): RecordingRule[] {
  const server = selector({ namespace: scope.namespace, service: scope.servers });
  const all = `sum(rate(${METRIC.requestDuration}_count${server}[5m]))`;
  // Prometheus 3 writes whole bounds as 1.0, 2 as the server does: 1.
  const bound = Number.isInteger(seconds) ? `${seconds}|${seconds}\\.0` : `${seconds}`.replace(".", "\\.");
  const quick = `sum(rate(${METRIC.requestDuration}_bucket${server.slice(0, -1)},le=~${quoted(bound)}}[5m]))`;
  return [
    recording(TIMED, all, ownLabels(scope)),
    recording(SLOW, `clamp_min(${all} - ${quick}, 0)`, ownLabels(scope)),
  ];
}

/** Over longer windows of what was recorded: a query over days of every server's series would be a heavy one. */
function ratio(scope: ServiceScope, { bad, all }: Indicator, window: Window): RecordingRule {
  const own = selector(ownLabels(scope));
  const over = (record: string) =>
    window === "5m" ? `${record}${own}` : `sum_over_time(${record}${own}[${window}])`;
  return recording(ratioOver(bad, window), `${over(bad)} / (${over(all)} > 0)`);
}

const ratioOver = (bad: string, window: Window) => bad.replace("rate5m", `ratio_rate${window}`);

function burnAlerts(
  scope: ServiceScope,
  indicator: Indicator,
  thresholds: readonly Threshold[],
  { minimumFailures, windowDays }: ResolvedObjectives,
  runbookBaseUrl: string,
): AlertingRule[] {
  const { bad, percent, word, meaning } = indicator;
  const own = selector(ownLabels(scope));
  const exceeded = ({ long, short, ratio }: Threshold) => {
    const above = (window: Window) => `${ratioOver(bad, window)}${own} > ${plain(ratio)}`;
    const count = `sum_over_time(${bad}${own}[${long}]) * ${OBJECTIVE_SECONDS} >= ${minimumFailures}`;
    return `(${above(long)} and ${above(short)} and ${count})`;
  };
  return (["page", "ticket"] as const).flatMap((severity: Severity) => {
    const watched = thresholds.filter((each) => each.severity === severity);
    if (watched.length === 0) return [];
    const rates = watched.map(({ burnRate, long }) => `${plain(burnRate)} times over ${long}`).join(" or ");
    return alerting(
      {
        name: indicator.alert,
        severity,
        expr: `max by (namespace, service) (${watched.map(exceeded).join(" or ")})`,
        for: "0s",
        labels: { ...rolloutLabel(scope), objective: `${percent}%` },
        summary: `{{ $labels.service }}: {{ $value | humanizePercentage }} of requests ${word}, more than the objective of ${percent} % can bear`,
        description: `Of the service {{ $labels.namespace }}/{{ $labels.service }} ${meaning}. The budget of ${windowDays} days goes faster than it may (${rates}).`,
      },
      runbookBaseUrl,
    );
  });
}
