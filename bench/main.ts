/** `npm run bench`: measures, prints tables and writes bench/results/latest.json. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { version as onnxruntime } from "onnxruntime-node/package.json";
import { withAwakeCores } from "./awake-cores";
import { benchBatching } from "./batching";
import type { BenchContext } from "./context";
import { chooseCores } from "./cores";
import { benchDrift } from "./drift";
import { benchDriftCost } from "./drift-cost";
import { benchExperiment } from "./experiment";
import type { Figure } from "./figure";
import { LoadGenerator } from "./load/generator";
import { parseArguments, USAGE, type BenchRun } from "./arguments";
import { benchFlame } from "./flame";
import { benchPolicies } from "./policies";
import { benchPreview } from "./preview";
import { benchRawLoop } from "./raw-loop";
import { benchRegression } from "./regression";
import { renderFigures } from "./render";
import { benchScale } from "./scale";
import { benchServing } from "./serving";
import { exitOnSignals } from "./temporary-folder";
import { benchTraffic } from "./traffic";
import { benchShadow } from "./traffic/shadow";

/** Those that send one server requests, some of them few at a time. */
const AWAKE: ReadonlySet<string> = new Set(["serving", "batching", "raw-loop", "drift-cost", "regression"]);

async function measure({ benchmarks, against, quick }: BenchRun): Promise<Figure[]> {
  const cores = chooseCores();
  if (cores.server === undefined) {
    console.error(
      "The server and the load share all cores (no taskset, or one core): compare CPU time, not rates.",
    );
  }
  const context: BenchContext = { cores, load: new LoadGenerator(cores), quick };
  const run = {
    serving: () => benchServing(context),
    batching: () => benchBatching(context),
    "raw-loop": () => benchRawLoop(context),
    preview: () => benchPreview(context),
    policies: () => benchPolicies(context),
    traffic: () => benchTraffic(context),
    shadow: () => benchShadow(context),
    scale: () => benchScale(context),
    experiment: () => benchExperiment(context),
    drift: () => benchDrift(context),
    "drift-cost": () => benchDriftCost(context),
    flame: () => benchFlame(context),
    regression: () => benchRegression(context, against!),
  };
  const figures: Figure[] = [];
  try {
    for (const name of benchmarks) {
      console.error(`${name} ...`);
      const measured = await (AWAKE.has(name) ? withAwakeCores(cores, async () => run[name]()) : run[name]());
      console.log(renderFigures(name, measured));
      figures.push(...measured);
    }
    return figures;
  } finally {
    context.load.close();
  }
}

/** What the numbers hold for. */
function circumstances() {
  let commit = "unknown";
  try {
    commit = execFileSync("git", ["describe", "--always", "--dirty"], {
      cwd: __dirname,
      encoding: "utf8",
    }).trim();
  } catch {
    // An export of the tree has no history.
  }
  return { commit, node: process.version, onnxruntime, cores: cpus().length, processor: cpus()[0]?.model };
}

async function main(argv: string[]): Promise<number> {
  const parsed = parseArguments(argv);
  if ("error" in parsed) {
    console.error(parsed.error);
    return 64;
  }
  if (parsed.help) {
    console.log(USAGE);
    return 0;
  }
  exitOnSignals();
  const figures = await measure(parsed);
  const dir = join(__dirname, "results");
  mkdirSync(dir, { recursive: true });
  const result = { machine: circumstances(), figures };
  writeFileSync(join(dir, "latest.json"), `${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
