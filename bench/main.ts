/** `npm run bench`: runs every benchmark, prints a table and writes bench/results/latest.json. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { benchServing } from "./serving";

export interface Figure {
  benchmark: string;
  measure: string;
  value: number;
  unit: string;
  /** Against what it was measured in the same run, and the ratio to it. */
  reference?: { name: string; value: number; ratio: number };
}

const BENCHMARKS: Record<string, () => Promise<Figure[]>> = { serving: benchServing };

async function main(names: string[]): Promise<void> {
  const unknown = names.find((name) => !(name in BENCHMARKS));
  if (unknown !== undefined) {
    console.error(`benchmark \`${unknown}\` must be one of: ${Object.keys(BENCHMARKS).join(", ")}`);
    process.exitCode = 64;
    return;
  }
  const figures: Figure[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
    console.error(`${name} ...`);
    figures.push(...(await BENCHMARKS[name]!()));
  }
  print(figures);
  const dir = join(__dirname, "results");
  mkdirSync(dir, { recursive: true });
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model };
  writeFileSync(join(dir, "latest.json"), `${JSON.stringify({ machine, figures }, null, 2)}\n`);
}

function print(figures: Figure[]): void {
  const table = new Table({
    head: ["benchmark", "measure", "value", "against", "ratio"],
    style: { head: [], border: process.stdout.isTTY ? ["grey"] : [] },
  });
  for (const { benchmark, measure, value, unit, reference } of figures) {
    const against = reference ? `${reference.name}: ${reference.value.toFixed(1)} ${unit}` : "";
    table.push([
      benchmark,
      measure,
      `${value.toFixed(1)} ${unit}`,
      against,
      reference?.ratio.toFixed(2) ?? "",
    ]);
  }
  console.log(table.toString());
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
