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

const WINDOW = "1m";

/** PromQL for what is drawn of a slot. */
export function slotQueries(namespace: string, service: string): Record<keyof SlotMetrics, string> {
  const selector = (matchers = "") => `{namespace="${namespace}",service="${service}"${matchers}}`;
  const rate = (matchers?: string) => `sum(rate(${METRIC.requests}${selector(matchers)}[${WINDOW}]))`;
  const faults = rate(`,code=~"${SERVER_FAULTS.join("|")}"`);
  const quantile = (share: number) =>
    `histogram_quantile(${share}, sum by (le) (rate(${METRIC.requestDuration}_bucket${selector()}[${WINDOW}])))`;
  return {
    requestsPerSecond: rate(),
    errorPercent: `100 * (${faults} or vector(0)) / ${rate()}`,
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
