/** `npm run bench:peers -- RESULT.json`: holds a result file of the peers' kit against what the server is meant to reach. */
import { readFileSync } from "node:fs";
import Table from "cli-table3";
import { judge, type KitResult } from "./criteria";

const USAGE = "Usage: npm run bench:peers -- RESULT.json [NAME]   (the file that the kit's `--json` wrote)";

function main([file, name]: string[]): number {
  if (file === undefined) {
    console.error(USAGE);
    return 64;
  }
  const verdicts = judge(JSON.parse(readFileSync(file, "utf8")) as KitResult, name);
  if (verdicts.length === 0) {
    console.error(`${file} holds no point of \`${name ?? "slipway"}\` that a criterion speaks of.`);
    return 1;
  }
  const table = new Table({
    head: ["criterion", "measured", "95 %", "bound", ""],
    style: { head: [], border: [] },
  });
  for (const { criterion, measured, interval, bound, atMost, holds, doubtful } of verdicts) {
    const mark = `${holds ? "holds" : "MISSED"}${doubtful ? " ?" : ""}`;
    const range = interval ? `${interval.low.toFixed(3)} – ${interval.high.toFixed(3)}` : "";
    table.push([criterion, measured.toFixed(3), range, `${atMost ? "<=" : ">="} ${bound}`, mark]);
  }
  console.log(table.toString());
  return verdicts.every(({ holds }) => holds) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
