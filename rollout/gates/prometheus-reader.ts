import { basicCredentials } from "./basic-credentials";

/** One number, or why there is none: as a part of a sentence. */
export type Reading = { readonly number: number } | { readonly nothing: string };

/** Whoever answers PromQL with a number. Never throws: what cannot be measured says why. */
export interface PrometheusReader {
  /** @param at milliseconds since 1970: the moment that is asked about; now where it is left out */
  read(query: string, at?: number): Promise<Reading>;
}

export interface PrometheusReaderOptions {
  /** Address of Prometheus, with credentials (`https://user:password@…`) and the path below which its API lies if there are any. */
  readonly url: string;
  /** Further headers, such as `authorization`. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until an answer counts as missing. @default 5000 */
  readonly timeoutMs?: number;
  /** @default the platform's fetch */
  readonly fetch?: typeof fetch;
}

const TIMEOUT_MS = 5_000;
/** An answer with one number is a few hundred bytes. */
const MOST_BYTES = 1_000_000;

/** Asks the HTTP API of Prometheus, or of what speaks it: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export function prometheusReader(options: PrometheusReaderOptions): PrometheusReader {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const send = options.fetch ?? fetch;
  const { url, headers } = basicCredentials(options.url);
  const endpoint = `${url.replace(/\/+$/, "")}/api/v1/query`;
  return {
    async read(query, at) {
      const asked = new URLSearchParams({ query, timeout: `${timeoutMs}ms` });
      if (at !== undefined) asked.set("time", (at / 1000).toFixed(3));
      try {
        const response = await send(endpoint, {
          method: "POST",
          body: asked,
          headers: { accept: "application/json", ...headers, ...options.headers },
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.text();
        if (text.length > MOST_BYTES) return { nothing: "Prometheus answered with far more than a number" };
        return readAnswer(response.status, text);
      } catch (error) {
        return { nothing: unanswered(error, timeoutMs) };
      }
    },
  };
}

interface Answer {
  readonly status?: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: { readonly resultType?: string; readonly result?: unknown };
}

function readAnswer(status: number, text: string): Reading {
  let answer: Answer | null;
  try {
    answer = JSON.parse(text) as Answer | null;
  } catch {
    return { nothing: `Prometheus answered with status ${status} and no JSON` };
  }
  if (answer?.status === "error")
    return { nothing: `Prometheus refused the query (${answer.errorType}): ${oneLine(answer.error ?? "")}` };
  if (answer?.status !== "success" || !answer.data)
    return { nothing: `Prometheus answered with status ${status}` };
  const { resultType, result } = answer.data;
  switch (resultType) {
    case "scalar":
      return sample(result);
    case "vector": {
      const series = Array.isArray(result) ? result : [];
      if (series.length === 0) return { nothing: "Prometheus has no data for it" };
      if (series.length > 1) return { nothing: `the query gives ${series.length} series instead of one` };
      return sample((series[0] as { value?: unknown }).value);
    }
    default:
      return { nothing: `the query gives a ${resultType} instead of one number` };
  }
}

/** `[time, "value"]`. Division by nothing, the usual cause of what is not a number, is not a measurement. */
function sample(pair: unknown): Reading {
  const text: unknown = Array.isArray(pair) ? pair[1] : undefined;
  if (text === "NaN") return { nothing: "there is nothing to compute it from (NaN)" };
  if (text === "+Inf" || text === "-Inf") return { nothing: `it is infinite (${text})` };
  const number = typeof text === "string" && text !== "" ? Number(text) : NaN;
  return Number.isFinite(number) ? { number } : { nothing: "the query gives no plain number" };
}

function unanswered(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Error & { cause?: Error & { code?: string } };
  if (name === "TimeoutError") return `Prometheus did not answer within ${timeoutMs / 1000} s`;
  return `Prometheus cannot be reached: ${oneLine(cause?.message || cause?.code || message)}`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
