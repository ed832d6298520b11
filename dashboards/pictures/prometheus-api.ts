/** A series as Prometheus' HTTP API gives it: over time, or one sample. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [seconds: number, value: string])[];
  readonly value?: readonly [seconds: number, value: string];
}

interface Reply {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly data?: { readonly result: readonly Series[] };
}

/** The part of time that a picture shows, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Asks a Prometheus; a name and password in its address are sent as such. */
export class PrometheusApi {
  private readonly headers: Record<string, string> = {};
  private readonly base: URL;

  constructor(address: string) {
    this.base = new URL(address);
    const { username, password } = this.base;
    if (username !== "") {
      const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.headers.authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
    }
    this.base.username = this.base.password = "";
  }

  /** The series at a time, in seconds; now, if it is left out. @throws Error with what Prometheus says is wrong */
  instant(promql: string, time?: number): Promise<readonly Series[]> {
    return this.ask("query", { query: promql, ...(time === undefined ? {} : { time: String(time) }) });
  }

  /** The series over a span. @throws Error with what Prometheus says is wrong */
  range(promql: string, { start, end, step }: Span): Promise<readonly Series[]> {
    return this.ask("query_range", {
      query: promql,
      start: String(start),
      end: String(end),
      step: String(step),
    });
  }

  private async ask(what: string, parameters: Record<string, string>): Promise<readonly Series[]> {
    const url = new URL(`api/v1/${what}`, this.base);
    const body = new URLSearchParams(parameters);
    const answer = await fetch(url, { method: "POST", body, headers: this.headers });
    const text = await answer.text();
    let reply: Reply;
    try {
      reply = JSON.parse(text) as Reply;
    } catch {
      throw new Error(`Prometheus at ${this.base.host} answered ${answer.status}: ${text.slice(0, 200)}`);
    }
    if (reply.status !== "success") throw new Error(`${reply.error} in ${parameters.query}`);
    return reply.data!.result;
  }
}
