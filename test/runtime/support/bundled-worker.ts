import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { startWorker, type SpawnWorker } from "../../../runtime/models/worker-instance";
import { projectRoot } from "../../../toolchain/paths";

let bundle: string | undefined;

/** In the project, where what is left out of the bundle is found. */
function bundled(): string {
  if (bundle !== undefined) return bundle;
  const folder = join(projectRoot, "node_modules/.cache/slipway");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `test-worker-${process.pid}.js`);
  process.once("exit", () => rmSync(outfile, { force: true }));
  buildSync({
    entryPoints: [join(projectRoot, "runtime/models/worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    external: ["onnxruntime-node"],
  });
  return (bundle = outfile);
}

/**
 * Starts a worker from one file, as an image has it: translating the sources for every thread takes three times as long, and tests
 * start hundreds. `spawnWorker`'s own way is that of the tests that start programs.
 */
export const spawnBundledWorker: SpawnWorker = (init) => startWorker(bundled(), [], init);
