import type * as pulumi from "@pulumi/pulumi";
import { isMeasuring, type CanaryStrategy, type Gate, type MeasuringGate } from "../../rollout/declaration";
import { GATE_DEFAULTS, STRATEGY_DEFAULTS } from "../../rollout/defaults";
import { LAST_BOUND } from "../../rollout/duration-bounds";
import { canaryOf, primaryOf } from "../../rollout/flagger-names";
import { gateQueries, measuringWindow } from "../../rollout/gates/queries";
import { canaryWeights } from "../../rollout/steps";
import { HTTP_PORT, MODELS_PATH } from "../../runtime/contract";

/** Label that Flagger looks for first, however it is installed; it tells the candidate's pods from those of the primary. */
const POD_LABEL = "app";

/** Cookies that Flagger keeps clients on their side with. */
const CANDIDATE_COOKIE = "slipway-canary";
const PRIMARY_COOKIE = "slipway-primary";

/** Seconds that a person's word may take to be asked for; the sum of all must be less than an interval. */
const ASK_TIMEOUT = "5s";

/** Seconds just below the end of the server's histogram: a quantile beyond it is given as that end, and is known of no client. */
const LONGEST_TOLD = LAST_BOUND - 0.001;

/** What of a rollout Flagger carries out, with every default filled in. */
export interface FlaggerRollout {
  readonly strategy: CanaryStrategy;
  readonly gates: readonly Gate[];
  /** Address of the Prometheus that measurements are asked from. */
  readonly prometheusUrl: string;
  /** What says whether a person has agreed, where a gate asks for that. */
  readonly approvalUrl: string | undefined;
}

/** What the target's pods are selected by, besides what selects all pods of the rollout. */
export const targetSelector = (rollout: string): Record<string, string> => ({ [POD_LABEL]: rollout });

/** One number that Flagger asks for: a MetricTemplate, and the bounds in the Canary. */
export interface FlaggerMetric {
  /** Of the template, and of the metric, whose name must be none of those that Flagger has of its own. */
  readonly name: string;
  readonly query: string;
  readonly range: { readonly min?: number; readonly max?: number };
}

/** What is measured; a gate that compares with the live slot asks for the difference too. */
export function flaggerMetrics(
  rollout: string,
  namespace: string,
  { strategy, gates }: Pick<FlaggerRollout, "strategy" | "gates">,
): FlaggerMetric[] {
  const windowSeconds = measuringWindow(strategy.interval ?? STRATEGY_DEFAULTS.interval);
  const service = canaryOf(rollout);
  const liveService = primaryOf(rollout);
  return gates.filter(isMeasuring).flatMap((gate) => {
    const names = { slot: "green", service, liveService, namespace, windowSeconds } as const;
    const { value, live } = gateQueries(gate, names);
    const name = `${rollout}-gate-${gate.name.toLowerCase()}`;
    const range = rangeOf(gate);
    return [
      ...(Object.keys(range).length === 0 ? [] : [{ name, query: value, range }]),
      ...(live === undefined ? [] : [{ name: `${name}-to-live`, ...differenceOf(gate, value, live) }]),
    ];
  });
}

function rangeOf(gate: MeasuringGate): FlaggerMetric["range"] {
  switch (gate.kind) {
    case "prometheus":
      return {
        ...(gate.min === undefined ? {} : { min: gate.min }),
        ...(gate.max === undefined ? {} : { max: gate.max }),
      };
    case "errorRate":
    case "comparison":
      return { max: gate.maxPercent ?? GATE_DEFAULTS.maxPercent };
    case "feedback":
      // Refused before: what Flagger asks knows neither a window of the gate's own nor a minimum of samples.
      return {};
    case "latency":
      return { max: gate.maxSeconds ?? LONGEST_TOLD };
  }
}

/** How much worse than the live slot: percentage points of error rates, percent of latencies. */
function differenceOf(
  gate: MeasuringGate,
  value: string,
  live: string,
): Pick<FlaggerMetric, "query" | "range"> {
  if (gate.kind === "latency")
    return { query: `100 * ((${value}) / (${live}) - 1)`, range: { max: gate.notSlowerThanLiveBy! } };
  const most = gate.kind === "errorRate" ? gate.notWorseThanLiveBy! : 0;
  return { query: `(${value}) - (${live})`, range: { max: most } };
}

export function metricTemplateSpec({ query }: FlaggerMetric, prometheusUrl: string): object {
  return { provider: { type: "prometheus", address: prometheusUrl }, query };
}

/** Where the route hangs that Flagger makes, and what it is for. */
export interface FlaggerRouting {
  readonly gateway: pulumi.Input<string>;
  readonly gatewayNamespace: pulumi.Input<string>;
  readonly hosts: readonly pulumi.Input<string>[];
  /** Models whose paths lead there. */
  readonly models: readonly string[];
  /** Request headers with credentials, which end at the gateway. */
  readonly credentialHeaders: readonly string[];
  /** Labels of its route. */
  readonly routeLabels: Readonly<Record<string, string>>;
  /** Labels of the Services of both sides, by which Prometheus finds them. */
  readonly serviceLabels: Readonly<Record<string, string>>;
}

/**
 * The Canary: Flagger makes the primary of the target, a Service for each side, and the HTTPRoute named after the rollout, whose
 * weights it then moves whenever the target's pods are to be others.
 *
 * @param progressDeadlineSeconds of the target's Deployment, after which pods that are not ready are given up
 */
export function canarySpec(
  rollout: string,
  { strategy, gates, approvalUrl }: FlaggerRollout,
  metrics: readonly FlaggerMetric[],
  routing: FlaggerRouting,
  progressDeadlineSeconds: number,
): object {
  const interval = strategy.interval ?? STRATEGY_DEFAULTS.interval;
  const approvals = gates.filter(({ kind }) => kind === "approval");
  return {
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: rollout },
    // Flagger's own ten minutes may be less than a large model takes.
    progressDeadlineSeconds,
    service: {
      name: rollout,
      port: HTTP_PORT,
      portName: "http",
      targetPort: "http",
      // gRPC and metrics, as the containers have them.
      portDiscovery: true,
      gatewayRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name: routing.gateway,
          namespace: routing.gatewayNamespace,
        },
      ],
      hosts: [...routing.hosts],
      match: routing.models.map((model) => ({ uri: { prefix: `${MODELS_PATH}/${model}` } })),
      headers: { request: { remove: [...routing.credentialHeaders] } },
      apex: { labels: { ...routing.routeLabels } },
      primary: { labels: { ...routing.serviceLabels } },
      canary: { labels: { ...routing.serviceLabels } },
    },
    analysis: {
      interval: `${interval}s`,
      // Flagger counts those that were bad, and goes back at this one.
      threshold: failureLimit(gates) + 1,
      stepWeights: [...canaryWeights(strategy)],
      ...(strategy.affinity === true ? { sessionAffinity: SESSION_AFFINITY } : {}),
      metrics: metrics.map(({ name, range }) => ({
        name,
        interval: `${measuringWindow(interval)}s`,
        templateRef: { name },
        thresholdRange: range,
      })),
      webhooks: approvals.map(({ name }) => ({
        name,
        type: "confirm-promotion",
        url: approvalUrl,
        timeout: ASK_TIMEOUT,
        metadata: { gate: name },
      })),
    },
  };
}

/** Both sides keep their clients; the cookies mean nothing to the next candidate. */
const SESSION_AFFINITY = {
  cookieName: CANDIDATE_COOKIE,
  primaryCookieName: PRIMARY_COOKIE,
  maxAge: 86_400,
  path: "/",
  httpOnly: true,
  secure: true,
  sameSite: "Lax",
};

/** Bad measurements that a rollout may have: Flagger has one number for all gates. */
export function failureLimit(gates: readonly Gate[]): number {
  const limits = gates.filter(isMeasuring).map((gate) => gate.failureLimit ?? GATE_DEFAULTS.failureLimit);
  return Math.max(0, ...limits);
}
