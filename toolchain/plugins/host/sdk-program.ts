import { createRequire } from "node:module";
import { locate } from "./program";

/** Runs one of the SDK's own command-line programs in this process, from the SDK of the current folder. */
export function runSdkProgram(module: string): void {
  const file = locate(module, process.cwd());
  process.argv[1] = file;
  createRequire(file)(file);
}
