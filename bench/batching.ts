import { join } from "node:path";
import type { BenchContext } from "./context";
import type { Figure } from "./figure";
import { firstAnswer } from "./first-answer";
import { measurePoint, type Contestant, type Pace } from "./interleaved";
import { tabular, writeModel } from "./models";
import { ServerProcess } from "./server-process";
import { bundle, slipway } from "./servers";
import { withTemporaryFolder } from "./temporary-folder";

const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128];
const OFF = "batching off";
const SETTINGS = [
  { name: "default", config: undefined },
  { name: OFF, config: { batching: { maxBatchSize: 1 } } },
];

const PACE: Pace = { rounds: 4, milliseconds: 700, warmupMs: 400 };
const QUICK: Pace = { rounds: 2, milliseconds: 200, warmupMs: 100 };

/** Whether batching ever costs more than it gives: the default settings against batching off, at each concurrency. */
export function benchBatching(context: BenchContext): Promise<Figure[]> {
  return withTemporaryFolder((folder) => measure(context, folder));
}

async function measure({ cores, load, quick }: BenchContext, folder: string): Promise<Figure[]> {
  const contestants: Contestant[] = [];
  try {
    const bundled = bundle(join(__dirname, ".."), join(folder, "image"));
    const model = tabular();
    for (const { name, config } of SETTINGS) {
      const repository = join(folder, name);
      writeModel(repository, model, config);
      const server = await ServerProcess.start(slipway(name, bundled, repository), cores);
      contestants.push({ server, check: true });
      await firstAnswer(server, model);
    }
    const figures: Figure[] = [];
    for (const concurrency of CONCURRENCIES) {
      const point = { benchmark: "batching", model: "tabular", format: "json", concurrency } as const;
      figures.push(...(await measurePoint(contestants, point, load, quick ? QUICK : PACE, OFF)));
    }
    return figures;
  } finally {
    await Promise.all(contestants.map(({ server }) => server.stop()));
  }
}
