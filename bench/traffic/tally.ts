/** How requests reach the gateway. */
export const TRANSPORTS = ["http1", "http2", "grpc", "stream"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** One request, as its sender saw it. */
export interface Answer {
  readonly transport: Transport;
  /** Milliseconds since the start at which it was due. */
  readonly dueAt: number;
  /** Milliseconds since the start at which it was answered, or had failed. */
  readonly endedAt: number;
  /** Version of the model that answered. */
  readonly version?: string;
  /** Why there was no answer. */
  readonly failure?: string;
  /** Why the answer was wrong. */
  readonly mistake?: string;
  /** Whether a second try was needed. */
  readonly retried: boolean;
}

export interface TrafficReport {
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly wrong: number;
  readonly retried: number;
  /** The first few of what went wrong, with the time. */
  readonly troubles: readonly string[];
  /** Right answers by version. */
  readonly byVersion: Readonly<Record<string, number>>;
  readonly byTransport: Readonly<Partial<Record<Transport, { requests: number; failed: number }>>>;
  /** Milliseconds from the time at which requests were due: what waits behind a stall counts. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Milliseconds since the start at which each version answered first and last. */
  readonly seen: Readonly<Record<string, { first: number; last: number }>>;
}

/** Which requests a report is about. */
export interface ReportFilter {
  /** Only those that were due then or later, in milliseconds since the start. */
  readonly from?: number;
  /** Only those that came this way. */
  readonly transports?: readonly Transport[];
}

const MOST_TROUBLES = 10;

/** What became of all requests. */
export class Tally {
  private readonly answers: Answer[] = [];

  add(answer: Answer): void {
    this.answers.push(answer);
  }

  /** @param seconds that the report is about */
  report(seconds: number, { from = 0, transports = TRANSPORTS }: ReportFilter = {}): TrafficReport {
    const answers = this.answers.filter(
      ({ dueAt, transport }) => dueAt >= from && transports.includes(transport),
    );
    const byVersion: Record<string, number> = {};
    const byTransport: Partial<Record<Transport, { requests: number; failed: number }>> = {};
    const seen: Record<string, { first: number; last: number }> = {};
    const troubles: string[] = [];
    const latencies: number[] = [];
    let [failed, wrong, retried] = [0, 0, 0];
    for (const answer of answers) {
      const { transport, version, failure, mistake, dueAt, endedAt } = answer;
      const of = (byTransport[transport] ??= { requests: 0, failed: 0 });
      of.requests++;
      if (answer.retried) retried++;
      const trouble = failure ?? mistake;
      if (trouble !== undefined) {
        if (failure === undefined) wrong++;
        else {
          failed++;
          of.failed++;
        }
        if (troubles.length < MOST_TROUBLES)
          troubles.push(`${transport} after ${(endedAt / 1000).toFixed(2)} s: ${trouble}`);
        continue;
      }
      latencies.push(endedAt - dueAt);
      byVersion[version!] = (byVersion[version!] ?? 0) + 1;
      const span = (seen[version!] ??= { first: endedAt, last: endedAt });
      span.first = Math.min(span.first, endedAt);
      span.last = Math.max(span.last, endedAt);
    }
    const sorted = Float64Array.from(latencies).sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return {
      seconds,
      requests: answers.length,
      failed,
      wrong,
      retried,
      troubles,
      byVersion,
      byTransport,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      seen,
    };
  }
}
