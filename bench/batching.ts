import { join } from "node:path";
import type { BenchContext } from "./context";
import type { Figure } from "./figure";
import { firstAnswer } from "./first-answer";
import { measurePoint, type Contestant, type Pace } from "./interleaved";
import { tabular, vision, writeModel, type BenchModel } from "./models";
import { ServerProcess } from "./server-process";
import { bundle, slipway } from "./servers";
import { withTemporaryFolder } from "./temporary-folder";

const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128];
const OFF = "batching off";
const SETTINGS = [
  { name: "default", config: undefined },
  { name: OFF, config: { batching: { maxBatchSize: 1 } } },
];

/** Rows of milliseconds need longer rounds, and what may be lost with them is less than what chance makes of few. */
const WORKS: readonly {
  readonly make: () => BenchModel;
  readonly name: "tabular" | "vision";
  readonly pace: Pace;
}[] = [
  { name: "tabular", make: tabular, pace: { rounds: 4, milliseconds: 700, warmupMs: 400 } },
  { name: "vision", make: vision, pace: { rounds: 6, milliseconds: 2000, warmupMs: 1000 } },
];
const QUICK: Pace = { rounds: 2, milliseconds: 200, warmupMs: 100 };

/** Whether batching ever costs more than it gives: the default settings against batching off, at each concurrency. */
export function benchBatching(context: BenchContext): Promise<Figure[]> {
  return withTemporaryFolder(async (folder) => {
    const bundled = bundle(join(__dirname, ".."), join(folder, "image"));
    const figures: Figure[] = [];
    for (const { name, make, pace } of WORKS) {
      const contestants: Contestant[] = [];
      try {
        await start(contestants, make(), bundled, join(folder, name), context.cores);
        for (const concurrency of CONCURRENCIES) {
          const point = { benchmark: "batching", model: name, format: "json", concurrency } as const;
          figures.push(
            ...(await measurePoint(contestants, point, context.load, context.quick ? QUICK : pace, OFF)),
          );
        }
      } finally {
        await Promise.all(contestants.map(({ server }) => server.stop()));
      }
    }
    return figures;
  });
}

/** Adds each server as soon as it runs, so that it is stopped whatever becomes of the next. */
async function start(
  contestants: Contestant[],
  model: BenchModel,
  bundled: string,
  folder: string,
  cores: BenchContext["cores"],
): Promise<void> {
  for (const { name, config } of SETTINGS) {
    const repository = join(folder, name);
    writeModel(repository, model, config);
    const server = await ServerProcess.start(slipway(name, bundled, repository), cores);
    contestants.push({ server, check: true });
    await firstAnswer(server, model);
  }
}
