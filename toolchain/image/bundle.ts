/**
 * Writes what the image has under /opt/slipway into a folder: `npm run bundle` (into dist/image). The Dockerfile
 * copies that folder, so that both images hold the same server.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { IMAGE_DIR } from "../../runtime/contract";
import { projectRoot } from "../paths";
import { runtimeImageSpec } from "./runtime-image";

async function main(out: string): Promise<void> {
  const { layers } = await runtimeImageSpec();
  rmSync(out, { recursive: true, force: true });
  for (const { path, source, content } of layers.flat()) {
    if (!path.startsWith(`${IMAGE_DIR}/`)) continue;
    const target = join(out, relative(IMAGE_DIR, path));
    mkdirSync(dirname(target), { recursive: true });
    if (source !== undefined) copyFileSync(source, target);
    else writeFileSync(target, content ?? "");
  }
}

main(process.argv[2] ?? join(projectRoot, "dist/image")).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
