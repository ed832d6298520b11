import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];
process.on("exit", () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An empty folder that goes with the tests' process. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `slipway-${purpose}-`));
  made.push(folder);
  return folder;
}
