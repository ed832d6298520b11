import { SERVER_FAULTS } from "../rollout/gates/queries";

/** Answers that are the server's fault: those that a rollout's gate counts. */
const FAULTS = `code=~"${SERVER_FAULTS.join("|")}"`;

/** Growth of a counter a second, added up. */
export const rate = (metric: string, by: string, selector: string) =>
  `sum by (${by}) (rate(${metric}{${selector}}[$__rate_interval]))`;

/** Requests a second. */
export const requestRate = (by: string, selector: string) =>
  rate("slipway_inference_requests_total", by, selector);

/** Share of requests that failed by the server's fault, in percent. */
export const errorPercent = (by: string, selector: string) =>
  `100 * (${requestRate(by, `${selector},${FAULTS}`)} or 0 * ${requestRate(by, selector)}) / ${requestRate(by, selector)}`;

/** Quantile of a histogram of seconds. */
export const quantile = (q: number, metric: string, by: string, selector: string) =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, `le, ${by}`, selector)})`;

/** Mean of a histogram. */
export const mean = (metric: string, by: string, selector: string) =>
  `${rate(`${metric}_sum`, by, selector)} / ${rate(`${metric}_count`, by, selector)}`;
