/** Measures servers in turns, so that a slow moment of the machine hits all of them. */
import type { Figure } from "./figure";
import type { LoadGenerator } from "./load/generator";
import type { LoadOrder } from "./load/main";
import type { ServerProcess } from "./server-process";
import { estimate, median, pairedRatio } from "./statistics";

export interface Contestant {
  readonly server: ServerProcess;
  /** Whether its answers are the model's; a floor answers a constant. */
  readonly check: boolean;
}

export interface Point {
  readonly benchmark: string;
  readonly model: LoadOrder["model"];
  readonly format: LoadOrder["format"];
  readonly concurrency: number;
}

export interface Pace {
  readonly rounds: number;
  readonly milliseconds: number;
  readonly warmupMs: number;
}

interface Samples {
  readonly rates: number[];
  readonly cpu: number[];
  readonly p50: number[];
  readonly p99: number[];
}

async function sample(
  { server, check }: Contestant,
  { model, format, concurrency }: Point,
  load: LoadGenerator,
  milliseconds: number,
  samples?: Samples,
): Promise<void> {
  const port = format === "grpc" ? server.ports.grpc! : server.ports.http;
  const before = server.cpuTime();
  const report = await load.run({ model, format, port, concurrency, milliseconds, check });
  const after = server.cpuTime();
  if (!samples) return;
  samples.rates.push(report.requests / report.seconds);
  if (before !== undefined && after !== undefined) samples.cpu.push((after - before) / report.requests);
  samples.p50.push(report.p50Ms);
  samples.p99.push(report.p99Ms);
}

/** One figure per contestant; all but the reference are compared with it. @param reference its name; without one nothing is compared */
export async function measurePoint(
  contestants: readonly Contestant[],
  point: Point,
  load: LoadGenerator,
  { rounds, milliseconds, warmupMs }: Pace,
  reference?: string,
): Promise<Figure[]> {
  const samples = new Map<Contestant, Samples>(
    contestants.map((contestant) => [contestant, { rates: [], cpu: [], p50: [], p99: [] }]),
  );
  for (const contestant of contestants) await sample(contestant, point, load, warmupMs);
  for (let round = 0; round < rounds; round++) {
    // Whoever comes first after a change of servers may find the caches cold: take turns at that as well.
    const shift = round % contestants.length;
    for (const contestant of [...contestants.slice(shift), ...contestants.slice(0, shift)]) {
      await sample(contestant, point, load, milliseconds, samples.get(contestant)!);
    }
  }
  const referenceSamples = [...samples].find(([{ server }]) => server.name === reference)?.[1];
  return contestants.map((contestant) => {
    const own = samples.get(contestant)!;
    const { name } = contestant.server;
    const compared = referenceSamples && name !== reference;
    return {
      benchmark: point.benchmark,
      measure: `${point.model}, ${point.format}, ${point.concurrency} at a time`,
      server: name,
      value: estimate(own.rates),
      unit: "requests/s",
      cpuPerRequest: own.cpu.length > 0 ? estimate(own.cpu) : undefined,
      p50Ms: median(own.p50),
      p99Ms: median(own.p99),
      against: compared
        ? {
            server: reference!,
            ratio: pairedRatio(own.rates, referenceSamples.rates),
            p50Ratio: pairedRatio(own.p50, referenceSamples.p50),
            cpuRatio: own.cpu.length > 0 ? pairedRatio(own.cpu, referenceSamples.cpu) : undefined,
          }
        : undefined,
    };
  });
}
