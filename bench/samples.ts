import type { Figure } from "./figure";
import type { Load } from "./load/generator";
import type { LoadOrder } from "./load/main";
import type { ServerProcess } from "./server-process";
import { estimate, median, pairedRatio } from "./statistics";

/** What one contestant did at one point, a value a round. */
export interface Samples {
  readonly rates: number[];
  readonly cpu: number[];
  readonly p50: number[];
  readonly p99: number[];
}

export const noSamples = (): Samples => ({ rates: [], cpu: [], p50: [], p99: [] });

/** Loads a server for one round. @param samples where the round is noted; without it the round only warms up */
export async function sample(
  server: ServerProcess,
  load: Load,
  order: LoadOrder,
  samples?: Samples,
): Promise<void> {
  const before = server.cpuTime();
  const report = await load.run(order);
  const after = server.cpuTime();
  if (!samples) return;
  samples.rates.push(report.requests / report.seconds);
  if (before !== undefined && after !== undefined) samples.cpu.push((after - before) / report.requests);
  samples.p50.push(report.p50Ms);
  samples.p99.push(report.p99Ms);
}

/** The figure of one contestant's rounds. @param reference what it is compared with, whose rounds came in turns with its own */
export function figureOf(
  about: Pick<Figure, "benchmark" | "measure" | "server">,
  own: Samples,
  reference?: { readonly name: string; readonly samples: Samples },
): Figure {
  return {
    ...about,
    value: estimate(own.rates),
    unit: "requests/s",
    cpuPerRequest: own.cpu.length > 0 ? estimate(own.cpu) : undefined,
    p50Ms: median(own.p50),
    p99Ms: median(own.p99),
    against: reference && {
      server: reference.name,
      ratio: pairedRatio(own.rates, reference.samples.rates),
      p50Ratio: pairedRatio(own.p50, reference.samples.p50),
      cpuRatio: own.cpu.length > 0 ? pairedRatio(own.cpu, reference.samples.cpu) : undefined,
    },
  };
}
