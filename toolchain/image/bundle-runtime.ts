import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { version } from "../../package.json";
import { NODE_BUNDLE } from "../bundle-settings";
import { projectRoot } from "../paths";

/**
 * Bundles the inference server into `dir`: server.js, worker.js, the protocol's definitions. onnxruntime-node stays
 * outside, because it loads a native library. Both the local image and the Dockerfile are made of this.
 */
export async function bundleRuntime(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await build({
    entryPoints: {
      server: join(projectRoot, "runtime/main.ts"),
      worker: join(projectRoot, "runtime/models/worker.ts"),
    },
    outdir: dir,
    ...NODE_BUNDLE,
    external: ["onnxruntime-node"],
  });
  await cp(join(projectRoot, "runtime/grpc/proto"), join(dir, "proto"), { recursive: true });
  await writeFile(join(dir, "package.json"), JSON.stringify({ name: "@slipway/runtime", version }));
}
