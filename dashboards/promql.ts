import { SERVER_FAULTS } from "../rollout/gates/queries";

/** Answers that are the server's fault: those that a rollout's gate counts. */
const FAULTS = `code=~"${SERVER_FAULTS.join("|")}"`;

/** Requests a second. */
export const requestRate = (by: string, selector: string) =>
  `sum by (${by}) (rate(slipway_inference_requests_total{${selector}}[$__rate_interval]))`;

/** Share of requests that failed by the server's fault, in percent. */
export const errorPercent = (by: string, selector: string) =>
  `100 * (${requestRate(by, `${selector},${FAULTS}`)} or 0 * ${requestRate(by, selector)}) / ${requestRate(by, selector)}`;

/** Quantile of a histogram of seconds. */
export const quantile = (q: number, metric: string, by: string, selector: string) =>
  `histogram_quantile(${q}, sum by (le, ${by}) (rate(${metric}_bucket{${selector}}[$__rate_interval])))`;

/** Mean of a histogram. */
export const mean = (metric: string, by: string, selector: string) =>
  `sum by (${by}) (rate(${metric}_sum{${selector}}[$__rate_interval])) / sum by (${by}) (rate(${metric}_count{${selector}}[$__rate_interval]))`;
