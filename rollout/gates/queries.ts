import { comparatorName } from "../comparison/service";
import type { MeasuringGate } from "../declaration";
import { GATE_DEFAULTS } from "../defaults";
import { feedbackQueries } from "./feedback-queries";
import { growth, onItsPods, selector, type Scope } from "./growth";
import { fillTemplate, type QueryNames } from "./query-template";

export { measuringWindow } from "./windows";

/** The server's metrics that gates read, as `runtime/contract.ts` names them; a test holds the two equal. */
export const GATE_METRIC = {
  requests: "slipway_inference_requests_total",
  requestDuration: "slipway_inference_request_duration_seconds",
  serverReady: "slipway_server_ready",
} as const;

/** The same of the comparator. */
export const COMPARATOR_METRIC = {
  requests: "slipway_comparison_requests_total",
  waiting: "slipway_comparison_waiting_answers",
  began: "slipway_comparison_began_timestamp_seconds",
} as const;

/**
 * Values of the label `code` that are the server's fault, HTTP 5xx and what gRPC says for them; refusing a bad request or losing a
 * client that hung up is not, unless that had waited long: so does the gateway where a server hangs. A test holds them equal to the
 * codes of `runtime/errors.ts`.
 */
export const SERVER_FAULTS = [
  "KeysUnavailable",
  "Overloaded",
  "QueueFull",
  "DeadlineExceeded",
  "ModelNotReady",
  "GivenUp",
  "Draining",
  "WorkerCrashed",
  "Internal",
] as const;

/** What Prometheus is asked for one measurement; each gives one number. */
export interface GateQueries {
  /** What the gate's bounds are about: percent, seconds, or whatever its own query gives. */
  readonly value: string;
  /** The same of the live slot, where the gate compares. */
  readonly live?: string;
  /** Requests that the candidate answered in the window, where a minimum of them is asked for. */
  readonly samples?: string;
  /** Seconds since what measures began anew, having measured before; far more than any window where it did not. */
  readonly restart?: string;
  /** Seconds since Prometheus heard of the candidate; only for gates over the server's own metrics. */
  readonly age?: string;
}

export function gateQueries(gate: MeasuringGate, names: QueryNames): GateQueries {
  const { namespace, windowSeconds, watchedSeconds } = names;
  const candidate: Scope = { namespace, service: names.service, windowSeconds, watchedSeconds };
  const live: Scope = { ...candidate, service: names.liveService };
  const samples =
    (gate.minimumSamples ?? GATE_DEFAULTS.minimumSamples) > 0 ? { samples: requestCount(candidate) } : {};
  const own = { ...samples, age: scrapeAge(candidate) };
  switch (gate.kind) {
    case "prometheus":
      return { value: fillTemplate(gate.query, names).text, ...samples };
    case "errorRate": {
      const compared = gate.notWorseThanLiveBy !== undefined;
      return { value: errorPercent(candidate), ...(compared ? { live: errorPercent(live) } : {}), ...own };
    }
    case "comparison": {
      const comparator: Scope = { namespace, service: comparatorOf(names), windowSeconds };
      const counted = (matchers?: string) =>
        `sum(${growth(comparator, COMPARATOR_METRIC.requests, matchers)})`;
      const compared = counted();
      const different = counted(',result="different"');
      return {
        value: `100 * (${different} or vector(0)) / ${compared}`,
        ...("samples" in samples ? { samples: compared } : {}),
        restart: sinceRestart(comparator),
        age: scrapeAge(comparator, COMPARATOR_METRIC.waiting),
      };
    }
    case "feedback":
      return { ...feedbackQueries(gate, names), age: scrapeAge(candidate) };
    case "latency": {
      const quantile = gate.quantile ?? GATE_DEFAULTS.quantile;
      const compared = gate.notSlowerThanLiveBy !== undefined;
      return {
        value: latencySeconds(candidate, quantile),
        ...(compared ? { live: latencySeconds(live, quantile) } : {}),
        ...own,
      };
    }
  }
}

/** The comparator of the candidate's rollout, by its Service. */
export function comparatorOf({ slot, service }: Pick<QueryNames, "slot" | "service">): string {
  const suffix = `-${slot}`;
  return comparatorName(service.endsWith(suffix) ? service.slice(0, -suffix.length) : service);
}

/** Share of requests that failed by the server's fault, in percent. Nothing (NaN) without requests. */
function errorPercent(scope: Scope): string {
  const faults = grown(scope, GATE_METRIC.requests, `,code=~"${SERVER_FAULTS.join("|")}"`);
  return `100 * (${faults} or vector(0)) / ${requestCount(scope)}`;
}

function requestCount(scope: Scope): string {
  return grown(scope, GATE_METRIC.requests);
}

/** Of all requests, failed ones included: from the body being there to the answer being handed to the socket. */
function latencySeconds(scope: Scope, quantile: number): string {
  const buckets = grown(scope, `${GATE_METRIC.requestDuration}_bucket`, "", " by (le)");
  return `histogram_quantile(${quantile}, ${buckets})`;
}

function scrapeAge(scope: Scope, metric: string = GATE_METRIC.serverReady): string {
  return `time() - max(timestamp(${metric}${selector(scope)}))`;
}

/** Seconds in which two beginnings of a comparison count as one that began anew. */
const MEMORY = 3600;
/** Seconds that no window has. */
const LONG_AGO = 1_000_000_000;

/**
 * Time since the latest beginning, where within the memory there was another: of another pod, which is another series, or of another
 * process, which changes the same one.
 */
function sinceRestart(scope: Scope): string {
  const began = `${COMPARATOR_METRIC.began}${selector(scope)}`;
  const beginnings = `(count(last_over_time(${began}[${MEMORY}s])) + sum(changes(${began}[${MEMORY}s])))`;
  return `(time() - max(${began}) and on() ${beginnings} > 1) or vector(${LONG_AGO})`;
}

/** By how much a counter grew within the window, over all pods of the slot. */
function grown(scope: Scope, counter: string, matchers = "", by = ""): string {
  return `sum${by}(${onItsPods(scope, growth(scope, counter, matchers))})`;
}
