import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext } from "./context";
import type { Cores } from "./cores";
import { firstAnswer } from "./first-answer";
import type { Figure } from "./figure";
import { measurePoint, type Contestant, type Pace, type Point } from "./interleaved";
import { tabular, vision, writeModel, type BenchModel } from "./models";
import { ServerProcess } from "./server-process";
import { bundle, floor, slipway } from "./servers";
import { withTemporaryFolder } from "./temporary-folder";

const OURS = "slipway";
const FLOOR = "floor-ort";

const PLAN = [
  { model: tabular, formats: ["json", "binary"], concurrencies: [1, 16, 64], floors: ["http", "ort"] },
  { model: tabular, formats: ["grpc"], concurrencies: [1, 16, 64], floors: [] },
  { model: vision, formats: ["json", "binary"], concurrencies: [16], floors: ["ort"] },
] as const;

const PACE: Pace = { rounds: 5, milliseconds: 900, warmupMs: 700 };
const QUICK: Pace = { rounds: 2, milliseconds: 300, warmupMs: 200 };

/** `slipway serve` with its defaults against the two floors, over every format and several concurrencies. */
export function benchServing(context: BenchContext): Promise<Figure[]> {
  return withTemporaryFolder((folder) => measure(context, folder));
}

type Started = Contestant & { readonly startSeconds: number };

async function measure({ cores, load, quick }: BenchContext, folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const bundled = bundle(join(__dirname, ".."), join(folder, "image"));
  for (const { model: make, formats, concurrencies, floors } of PLAN) {
    const model = make();
    const servers = await startAll(model, bundled, folder, floors, cores);
    try {
      for (const format of formats) {
        for (const concurrency of concurrencies) {
          const point: Point = { benchmark: "serving", model: nameOf(model), format, concurrency };
          figures.push(...(await measurePoint(servers, point, load, quick ? QUICK : PACE, FLOOR)));
        }
      }
      if (floors.length > 0) figures.push(...starts(model, servers), ...memory(model, servers));
    } finally {
      await Promise.all(servers.map(({ server }) => server.stop()));
    }
  }
  return figures;
}

async function startAll(
  model: BenchModel,
  bundled: string,
  folder: string,
  floors: readonly ("http" | "ort")[],
  cores: Cores,
): Promise<Started[]> {
  const repository = join(folder, `models-${model.name}`);
  mkdirSync(repository, { recursive: true });
  writeModel(repository, model);
  const file = join(repository, model.name, "1/model.onnx");
  const started: Started[] = [];
  for (const command of [slipway(OURS, bundled, repository), ...floors.map((mode) => floor(mode, file))]) {
    const server = await ServerProcess.start(command, cores);
    const startSeconds = await firstAnswer(server, model);
    started.push({ server, check: command.name !== "floor-http", startSeconds });
  }
  return started;
}

const nameOf = ({ name }: BenchModel) => name as Point["model"];

const single = (value: number) => ({ value, low: value, high: value });

/** Resident memory at its highest, after all of the model's load. */
function memory(model: BenchModel, servers: readonly Started[]): Figure[] {
  const peaks = servers.map(({ server }) => ({ server: server.name, peak: server.memory()?.peak }));
  return against(
    `${model.name}, resident memory`,
    "MiB",
    peaks.map(({ server, peak }) => [server, peak]),
  );
}

/** From the start of the process to its first answer. */
function starts(model: BenchModel, servers: readonly Started[]): Figure[] {
  return against(
    `${model.name}, start to first answer`,
    "s",
    servers.map(({ server, startSeconds }) => [server.name, startSeconds]),
  );
}

function against(
  measure: string,
  unit: string,
  values: readonly (readonly [string, number | undefined])[],
): Figure[] {
  const reference = values.find(([server]) => server === FLOOR)?.[1];
  return values.flatMap(([server, value]) => {
    if (value === undefined) return [];
    const compared = reference !== undefined && server !== FLOOR;
    return [
      {
        benchmark: "serving",
        measure,
        server,
        value: single(value),
        unit,
        against: compared ? { server: FLOOR, ratio: single(value / reference) } : undefined,
      },
    ];
  });
}
