import { growth, selector } from "../../rollout/gates/growth";
import { SERVER_FAULTS } from "../../rollout/gates/queries";
import { prometheusReader, type PrometheusReader } from "../../rollout/gates/prometheus-reader";
import { METRIC } from "../../runtime/contract";

/** Of one slot, over the last minute; null where Prometheus has nothing. */
export interface SlotMetrics {
  readonly requestsPerSecond: number | null;
  readonly errorPercent: number | null;
  /** Seconds. */
  readonly p50: number | null;
  readonly p99: number | null;
}

const WINDOW_SECONDS = 60;

/** PromQL for what is drawn of a slot. */
export function slotQueries(namespace: string, service: string): Record<keyof SlotMetrics, string> {
  const scope = { namespace, service, windowSeconds: WINDOW_SECONDS };
  // A kind of fault that has just begun counts from its first scrape on, as it does for gates.
  const grown = (matchers?: string) => `sum(${growth(scope, METRIC.requests, matchers)})`;
  const faults = grown(`,code=~"${SERVER_FAULTS.join("|")}"`);
  const quantile = (share: number) =>
    `histogram_quantile(${share}, sum by (le) (rate(${METRIC.requestDuration}_bucket${selector(scope)}[${WINDOW_SECONDS}s])))`;
  return {
    requestsPerSecond: `${grown()} / ${WINDOW_SECONDS}`,
    errorPercent: `100 * (${faults} or vector(0)) / ${grown()}`,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

export const metricsReader = (prometheus: string): PrometheusReader =>
  prometheusReader({ url: prometheus, timeoutMs: 1_500 });

/** Asks for everything at once. */
export async function readSlotMetrics(
  reader: PrometheusReader,
  namespace: string,
  service: string,
): Promise<SlotMetrics> {
  const read = async (query: string) => {
    const reading = await reader.read(query);
    return "number" in reading ? reading.number : null;
  };
  const queries = slotQueries(namespace, service);
  const [requestsPerSecond, errorPercent, p50, p99] = await Promise.all([
    read(queries.requestsPerSecond),
    read(queries.errorPercent),
    read(queries.p50),
    read(queries.p99),
  ]);
  return { requestsPerSecond, errorPercent, p50, p99 };
}
