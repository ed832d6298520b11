import { join } from "node:path";
import type { BenchContext } from "./context";
import type { Figure } from "./figure";
import { firstAnswer } from "./first-answer";
import { measurePoint, type Contestant, type Pace } from "./interleaved";
import type { Load } from "./load/generator";
import type { LoadReport } from "./load/main";
import { deepVision, writeModel } from "./models";
import { ServerProcess } from "./server-process";
import { bundle, rawLoop, slipway } from "./servers";
import { withTemporaryFolder } from "./temporary-folder";

const RAW_LOOP = "raw loop";
const FORMATS = ["binary", "json", "grpc"] as const;
const CONCURRENCY = 16;

/**
 * What is looked for is a few percent, less than a neighbour on the machine takes in some moments: many rounds, long enough that opening
 * the connections does not count. Loading is followed by a minute in which V8 compiles; the first format has most of it.
 */
const PACE: Pace = { rounds: 20, milliseconds: 2500, warmupMs: 8000 };
const QUICK: Pace = { rounds: 2, milliseconds: 300, warmupMs: 100 };

/** What the server takes from a model of some milliseconds a row: beside a loop around onnxruntime without any server. */
export function benchRawLoop(context: BenchContext): Promise<Figure[]> {
  return withTemporaryFolder((folder) => measure(context, folder));
}

async function measure({ cores, load, quick }: BenchContext, folder: string): Promise<Figure[]> {
  const model = deepVision();
  writeModel(folder, model);
  const bundled = bundle(join(__dirname, ".."), join(folder, "image"));
  const file = join(folder, model.name, "1/model.onnx");
  const contestants: Contestant[] = [];
  try {
    const server = await ServerProcess.start(slipway("slipway", bundled, folder), cores);
    contestants.push({ server, check: true });
    await firstAnswer(server, model);
    const loop = await ServerProcess.start(rawLoop(RAW_LOOP, model, file), cores);
    contestants.push({ server: loop, check: true, load: new LoopOrders(loop) });
    const figures: Figure[] = [];
    for (const format of FORMATS) {
      const point = {
        benchmark: "raw-loop",
        model: "deep-vision",
        format,
        concurrency: CONCURRENCY,
      } as const;
      figures.push(...(await measurePoint(contestants, point, load, quick ? QUICK : PACE, RAW_LOOP)));
    }
    return figures;
  } finally {
    await Promise.all(contestants.map(({ server }) => server.stop()));
  }
}

/** Has the loop run for a while; the format and the number of callers mean nothing to it. */
class LoopOrders implements Load {
  constructor(private readonly loop: ServerProcess) {}

  async run({ milliseconds }: { readonly milliseconds: number }): Promise<LoadReport> {
    const answer = await fetch(`http://127.0.0.1:${this.loop.ports.http}/?milliseconds=${milliseconds}`);
    if (!answer.ok) throw new Error(`the raw loop failed: ${await answer.text()}`);
    const report = (await answer.json()) as LoadReport;
    if (report.wrong > 0) throw new Error(`${report.wrong} runs of the raw loop gave another answer`);
    return report;
  }
}
