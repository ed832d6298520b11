import { SlipwayError } from "../errors";
import { ensureTools } from "../build";
import type { Progress } from "../progress";
import { findCluster, startCluster, stopCluster } from ".";

/** Starts, ends and shows the embedded cluster alone: `npx tsx toolchain/cluster/main.ts up|down|status`. */
async function main(command: string | undefined): Promise<void> {
  switch (command) {
    case "up":
      print(await startCluster({ tools: await ensureTools(["cluster", "helm"], progress), progress }));
      return;
    case "down":
      return stopCluster(progress);
    case "status":
      print((await findCluster()) ?? "no cluster is up");
      return;
    default:
      throw new SlipwayError(`Expected up, down or status, got "${command ?? ""}".`, 64);
  }
}

const started = Date.now();
const print = (value: unknown) => console.log(value);
const say = (line: string) =>
  console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

const progress: Progress = {
  start(title) {
    let last = "";
    say(title);
    return {
      update(detail) {
        if (detail !== last) say(`${title}: ${detail}`);
        last = detail;
      },
      done: (detail) => say(`${title}: done${detail ? ` (${detail})` : ""}`),
      fail: (detail) => say(`${title}: failed${detail ? ` (${detail})` : ""}`),
    };
  },
  note: say,
};

main(process.argv[2]).catch((error: unknown) => {
  if (!(error instanceof SlipwayError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
});
