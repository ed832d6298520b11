import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../support/temporary-folder";

/** Writes a temporary folder of files, e.g. `add/1/model.onnx`; it goes with the tests' process. */
export function modelFolder(files: Record<string, Buffer | string>): string {
  const dir = temporaryFolder("models");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}
