import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { version } from "../../package.json";
import { NODE_BUNDLE } from "../bundle-settings";
import { projectRoot } from "../paths";
import { filesBelow } from "./files-below";

/** The part that talks to Kafka. */
const KAFKA = "kafka";

/**
 * Parts that the server loads only where a feature needs them, as files of their own: what they bring along must not be
 * read at every start. They are named as the server's sources `require` them, and by their sources.
 */
const APART: Readonly<Record<string, string>> = {
  "s3-client": "runtime/pull/s3-client.ts",
  "otel-tracing": "runtime/tracing/otel-tracing.ts",
  "otlp-sink": "runtime/payload-log/otlp-sink.ts",
  [KAFKA]: "runtime/consumer/kafka.ts",
  "rabbitmq-queue": "runtime/consumer/rabbitmq-queue.ts",
  "gate/gate-command": "runtime/gate/gate-command.ts",
  "retraining/retraining-command": "runtime/retraining/retraining-command.ts",
};

/**
 * Kafka's library is written as ECMAScript modules: it asks for its own URL, and reads WebAssembly from a file beside it,
 * unless it is told to take the copy that it has as text.
 */
const AS_MODULE = {
  alias: { "@platformatic/wasm-utils": "@platformatic/wasm-utils/bundled" },
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
};

const PROTOCOL = join(projectRoot, "runtime/grpc/proto");

/** What decides how the sources become a bundle. */
const SETTINGS = [
  __filename,
  join(__dirname, "../bundle-settings.ts"),
  join(projectRoot, "tsconfig.json"),
  join(projectRoot, "package.json"),
];

/**
 * Bundles the inference server into `dir`: server.js, worker.js, the parts that are loaded on use, the protocol's
 * definitions. onnxruntime-node stays outside, because it loads a native library. Both the local image and the
 * Dockerfile are made of this.
 * @returns the files that it was made of
 */
export async function bundleRuntime(dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const apart = Object.fromEntries(
    Object.entries(APART).map(([name, file]) => [name, join(projectRoot, file)]),
  );
  const { [KAFKA]: kafka, ...others } = apart;
  const settings = {
    outdir: dir,
    ...NODE_BUNDLE,
    // Paths from here are in the bundle, and names that stand for others are looked for from here.
    absWorkingDir: projectRoot,
    metafile: true as const,
    external: ["onnxruntime-node", ...Object.keys(APART).map((name) => `./${name}`)],
  };
  const main = await build({
    entryPoints: {
      server: join(projectRoot, "runtime/main.ts"),
      worker: join(projectRoot, "runtime/models/worker.ts"),
      ...others,
    },
    ...settings,
  });
  const ofKafka = await build({ entryPoints: { [KAFKA]: kafka! }, ...settings, ...AS_MODULE });
  await cp(PROTOCOL, join(dir, "proto"), { recursive: true });
  await writeFile(join(dir, "package.json"), JSON.stringify({ name: "@slipway/runtime", version }));
  const read = [main, ofKafka].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return [...new Set(read.map((file) => join(projectRoot, file))), ...filesBelow(PROTOCOL), ...SETTINGS];
}
