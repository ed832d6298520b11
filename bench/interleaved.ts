/** Measures servers in turns, so that a slow moment of the machine hits all of them. */
import type { Figure } from "./figure";
import type { Load } from "./load/generator";
import type { LoadOrder } from "./load/main";
import type { ServerProcess } from "./server-process";
import { figureOf, noSamples, sample, type Samples } from "./samples";

export interface Contestant {
  readonly server: ServerProcess;
  /** Whether its answers are the model's; a floor answers a constant. */
  readonly check: boolean;
  /** What has it work, where requests do not. */
  readonly load?: Load;
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

/** One figure per contestant; all but the reference are compared with it. @param reference its name; without one nothing is compared */
export async function measurePoint(
  contestants: readonly Contestant[],
  point: Point,
  load: Load,
  { rounds, milliseconds, warmupMs }: Pace,
  reference?: string,
): Promise<Figure[]> {
  const samples = new Map(contestants.map((contestant) => [contestant, noSamples()]));
  const measure = ({ server, check, load: itsOwn }: Contestant, forMs: number, own?: Samples) => {
    const { model, format, concurrency } = point;
    const port = format === "grpc" ? server.ports.grpc! : server.ports.http;
    return sample(
      server,
      itsOwn ?? load,
      { model, format, port, concurrency, milliseconds: forMs, check },
      own,
    );
  };
  for (const contestant of contestants) await measure(contestant, warmupMs);
  for (let round = 0; round < rounds; round++) {
    // Whoever comes first after a change of servers may find the caches cold: take turns at that as well.
    const shift = round % contestants.length;
    for (const contestant of [...contestants.slice(shift), ...contestants.slice(0, shift)]) {
      await measure(contestant, milliseconds, samples.get(contestant)!);
    }
  }
  const referenceSamples = [...samples].find(([{ server }]) => server.name === reference)?.[1];
  return [...samples].map(([{ server }, own]) => {
    const about = {
      benchmark: point.benchmark,
      measure: `${point.model}, ${point.format}, ${point.concurrency} at a time`,
      server: server.name,
    };
    const compared = referenceSamples && own !== referenceSamples;
    return figureOf(about, own, compared ? { name: reference!, samples: referenceSamples } : undefined);
  });
}
