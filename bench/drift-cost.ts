import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelSpec } from "../runtime/dataplane/model-spec";
import type { DriftConfig } from "../runtime/drift/monitor/drift-config";
import { baselineOf, floats } from "../test/runtime/drift/monitor/support";
import type { BenchContext } from "./context";
import type { Figure } from "./figure";
import { firstAnswer } from "./first-answer";
import type { Pace, Point } from "./interleaved";
import { tabular, writeModel, type BenchModel } from "./models";
import { rowsFor } from "./rows";
import { ServerProcess } from "./server-process";
import { bundle, slipway } from "./servers";
import { pairedRatio } from "./statistics";
import { figureOf, noSamples, sample, type Samples } from "./samples";
import { withTemporaryFolder } from "./temporary-folder";

const WITHOUT = "no baseline";

/** With the defaults a window ends every five minutes, which takes some milliseconds: that is hardly in the figures. */
const SETTINGS: readonly { readonly name: string; readonly drift: DriftConfig | false }[] = [
  { name: WITHOUT, drift: false },
  { name: "drift", drift: {} },
  { name: "drift and outliers", drift: { outliers: { perRequest: true } } },
];

type Setting = (typeof SETTINGS)[number];

/** The same for all: what loading finds out by trying may differ between two loads, and with it far more than drift costs. */
const BATCHING = { maxBatchSize: 16 };

const POINTS: readonly Pick<Point, "format" | "concurrency">[] = [
  { format: "json", concurrency: 1 },
  { format: "json", concurrency: 64 },
  { format: "binary", concurrency: 64 },
  { format: "grpc", concurrency: 64 },
];

const PACE: Pace = { rounds: 12, milliseconds: 1000, warmupMs: 700 };
const QUICK: Pace = { rounds: 2, milliseconds: 200, warmupMs: 100 };

/** Rows that the baseline is made of. */
const TRAINED = 2000;

/** By the names of the settings, the reference first. */
export type Measured = ReadonlyMap<string, Samples>;

/**
 * What following drift costs: a model with and without its baseline, in turns, every answer checked. The ratio of processor time
 * per request is what counts. One server loads the model anew for each turn: two processes of the very same server differ by
 * more than what is looked for.
 */
export function benchDriftCost(context: BenchContext): Promise<Figure[]> {
  return withTemporaryFolder(async (folder) => {
    const bundled = bundle(join(__dirname, ".."), join(folder, "image"));
    const model = tabular();
    const repository = join(folder, "models");
    mkdirSync(repository, { recursive: true });
    writeModel(repository, model, { batching: BATCHING });
    const baseline = JSON.stringify(await baselineFor(model));
    writeFileSync(join(repository, model.name, "1/baseline.json"), baseline);
    const control = ["--model-control", "explicit", "--load-model", model.name];
    const server = await ServerProcess.start(
      slipway("slipway", bundled, repository, ...control),
      context.cores,
    );
    try {
      await firstAnswer(server, model);
      const figures: Figure[] = [];
      const measured: Measured[] = [];
      for (const point of POINTS) {
        const samples = await measure(context, server, point);
        figures.push(...figuresOf(point, samples));
        measured.push(samples);
      }
      return [...figures, ...pooledFigures(measured)];
    } finally {
      await server.stop();
    }
  });
}

async function measure(
  { load, quick }: BenchContext,
  server: ServerProcess,
  { format, concurrency }: (typeof POINTS)[number],
): Promise<Measured> {
  const { rounds, milliseconds, warmupMs } = quick ? QUICK : PACE;
  const port = format === "grpc" ? server.ports.grpc! : server.ports.http;
  const order = { model: "tabular", format, port, concurrency, check: true } as const;
  const samples = new Map(SETTINGS.map(({ name }) => [name, noSamples()]));
  for (let round = 0; round < rounds; round++) {
    const shift = round % SETTINGS.length;
    for (const setting of [...SETTINGS.slice(shift), ...SETTINGS.slice(0, shift)]) {
      await loadWith(server, setting);
      await sample(server, load, { ...order, milliseconds: warmupMs });
      await sample(server, load, { ...order, milliseconds }, samples.get(setting.name)!);
    }
  }
  return samples;
}

function figuresOf({ format, concurrency }: (typeof POINTS)[number], samples: Measured): Figure[] {
  const reference = { name: WITHOUT, samples: samples.get(WITHOUT)! };
  const measure = `tabular, ${format}, ${concurrency} at a time`;
  return [...samples].map(([server, own]) =>
    figureOf(
      { benchmark: "drift-cost", measure, server },
      own,
      own === reference.samples ? undefined : reference,
    ),
  );
}

/**
 * What a setting costs on the whole: the geometric mean over the rounds of all points, which are as many at each, of the ratio of
 * processor time per request. Narrower than any point's own: what a machine's other work adds at one is not what it adds at the next.
 */
export function pooledFigures(measured: readonly Measured[]): Figure[] {
  const cpu = (setting: string) => measured.flatMap((samples) => samples.get(setting)!.cpu);
  const reference = cpu(WITHOUT);
  if (reference.length === 0) return [];
  const settings = [...measured[0]!.keys()].filter((name) => name !== WITHOUT);
  return settings.map((name) => ({
    benchmark: "drift-cost",
    measure: `geometric mean of all ${measured.length}`,
    server: name,
    value: pairedRatio(cpu(name), reference),
    unit: "of the CPU time",
  }));
}

async function loadWith(server: ServerProcess, { name, drift }: Setting): Promise<void> {
  const config = JSON.stringify({ batching: BATCHING, drift });
  const url = `http://127.0.0.1:${server.ports.http}/v2/repository/models/tabular/load`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ parameters: { config } }) });
  if (!response.ok) throw new Error(`the model could not be loaded with ${name}: ${await response.text()}`);
}

/** The profile of rows like those that the load brings, with the model's answers. */
async function baselineFor(model: BenchModel): Promise<object> {
  const { rowShape, outputs } = model;
  const rows = await rowsFor(model, TRAINED);
  const spec: ModelSpec = {
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, ...rowShape] }],
    outputs: [{ name: "y", datatype: "FP32", shape: [-1, outputs] }],
  };
  const joined = (values: readonly ArrayLike<number>[]) => values.flatMap((row) => Array.from(row));
  return baselineOf(
    spec,
    [floats("x", [TRAINED, ...rowShape], joined(rows.map(({ input }) => input)))],
    [floats("y", [TRAINED, outputs], joined(rows.map(({ expected }) => expected)))],
  );
}
