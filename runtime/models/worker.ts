/**
 * The thread that holds one session. `session.run` blocks the thread it is called on, which is why it is never called
 * on the main one. Everything here is loaded once per instance: keep the imports few.
 */
import { statSync } from "node:fs";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { messageOf } from "../message-of";
import { refusedType } from "./element-types";
import { refusedDivision } from "./integer-division";
import { readSealedModel, type SealedModel } from "./model-trust";
import { spareOf } from "./spare-buffers";
import { openSealed, type OpenedSession } from "./session-options";
import { loadLibrary, SessionRunner, type Onnxruntime } from "./session-runner";
import type { TensorSpec } from "./signature";
import type { DeclaredTensor } from "./synthetic-rows";
import {
  CLOSE,
  transferables,
  type Loaded,
  type ResultMessage,
  type RunFailureMessage,
  type RunMessage,
  type WorkerInit,
} from "./worker-protocol";

async function openSession(ort: Onnxruntime, model: SealedModel, init: WorkerInit): Promise<OpenedSession> {
  const { bytes } = model;
  const refused = refusedType(bytes) ?? refusedDivision(bytes, init.validation);
  if (refused !== undefined) throw new Error(refused);
  try {
    return await openSealed(ort, model, init);
  } catch (error) {
    throw new Error(loadFailure(error), { cause: error });
  }
}

function loadFailure(error: unknown): string {
  const text = messageOf(error);
  // Sentences of our own are public as they are.
  if (text.startsWith("`")) return text;
  if (/protobuf parsing failed/i.test(text)) return "`model.onnx` is not an ONNX model.";
  return `onnxruntime cannot load \`model.onnx\`: ${withoutPaths(text)}`;
}

/** Reasons are public: they tell neither where files lie here nor where onnxruntime was built. */
function withoutPaths(text: string): string {
  return text
    .replace(/(?:\/[\w.@+-]+){2,}/g, "(file)")
    .replace(/\s+/g, " ")
    .slice(0, 500);
}

function specs(tensors: readonly DeclaredTensor[]): TensorSpec[] {
  return tensors.map(({ name, type, shape }) => ({
    name,
    datatype: type,
    // A symbolic dimension is given by its name.
    shape: shape.map((dimension) => (typeof dimension === "number" ? dimension : -1)),
  }));
}

/** Bytes by which loading let the process grow, but at least those of the file: several models may load at a time. */
function estimateMemory(file: string, residentBefore: number): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const growth = process.memoryUsage.rss() - residentBefore;
  return Math.round(Math.min(Math.max(size, growth), 2 * size + LARGEST_OVERHEAD));
}

/** Bytes of a session besides its weights that are believed; more is likely another model's. */
const LARGEST_OVERHEAD = 32 * 1024 * 1024;

function answer(port: MessagePort, runner: SessionRunner, [id, fetch, dims, data]: RunMessage): void {
  const failed = (error: unknown) => port.postMessage([id, messageOf(error)] satisfies RunFailureMessage);
  const started = performance.now();
  try {
    runner.run({ dims, data }, fetch).then((result) => {
      const seconds = (performance.now() - started) / 1000;
      const spare = spareOf(data, result.data);
      const message: ResultMessage = spare
        ? [id, seconds, result.dims, result.data, spare]
        : [id, seconds, result.dims, result.data];
      const transferred = transferables(result.data);
      port.postMessage(message, spare ? transferred.concat(spare) : transferred);
    }, failed);
  } catch (error) {
    // Tensors that do not fit are refused before anything runs.
    failed(error);
  }
}

async function load(init: WorkerInit): Promise<{ runner: SessionRunner; loaded: Loaded }> {
  const ort = loadLibrary();
  const residentBefore = process.memoryUsage.rss();
  const model = await readSealedModel(init.file, init);
  const { session, providers, warnings } = await openSession(ort, model, init);
  const runner = new SessionRunner(ort, session, providers.length === 1);
  const memoryBytes = estimateMemory(init.file, residentBefore);
  const loaded = {
    signature: { inputs: specs(runner.inputs), outputs: specs(runner.outputs) },
    providers,
    warnings,
    memoryBytes,
  };
  // A second session would read the weights beside the model once more, unchecked.
  const inline = init.inline && model.weights.length === 0;
  return { runner, loaded: { ...loaded, ...(await tryOut(runner, model.bytes, { ...init, inline })) } };
}

/** What the first instance of a model finds out for all; loaded by that one only. */
async function tryOut(
  runner: SessionRunner,
  bytes: Uint8Array,
  { probeRows, inline }: WorkerInit,
): Promise<Pick<Loaded, "batching" | "inline">> {
  const found: { batching?: Loaded["batching"]; inline?: Loaded["inline"] } = {};
  if (probeRows !== undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
    const { probeBatching } = require("./batch-safety") as typeof import("./batch-safety");
    found.batching = await probeBatching(runner, probeRows);
  }
  if (inline && runner.onProcessor) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
    const { inlineTimes } = require("./inline-candidate") as typeof import("./inline-candidate");
    const times = await inlineTimes(bytes, runner);
    if (times !== undefined) found.inline = { bytes, ...times };
  }
  return found;
}

async function serve(port: MessagePort, init: WorkerInit): Promise<void> {
  const { runner, loaded } = await load(init);
  port.on("message", (message: RunMessage | typeof CLOSE) => {
    if (message === CLOSE) {
      void runner.session.release().finally(() => port.close());
      return;
    }
    answer(port, runner, message);
  });
  port.postMessage(loaded);
}

if (parentPort) {
  const port = parentPort;
  serve(port, workerData as WorkerInit).catch((error: unknown) => {
    port.postMessage({ failure: messageOf(error) });
    port.close();
  });
}
