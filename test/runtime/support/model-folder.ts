import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes a temporary folder of files, e.g. `add/1/model.onnx`; removed after the suite that made it. */
export function modelFolder(files: Record<string, Buffer | string>): string {
  const dir = mkdtempSync(join(tmpdir(), "slipway-models-"));
  folders.push(dir);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

const folders: string[] = [];
process.on("exit", () => folders.forEach((dir) => rmSync(dir, { recursive: true, force: true })));
