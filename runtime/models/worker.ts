/**
 * The thread that holds one session. `session.run` blocks the thread it is called on, which is why it is never called
 * on the main one. Everything here is loaded once per instance: keep the imports few.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-node";
import type { TensorData } from "../dataplane/datatypes";
import type { TensorSpec } from "./signature";
import {
  CLOSE,
  transferables,
  type ResultMessage,
  type RunMessage,
  type WorkerInit,
} from "./worker-protocol";

type Onnxruntime = typeof import("onnxruntime-node");

/** onnxruntime prints what it also throws; the server logs it once, in its own format. */
const FATAL_ONLY = 4;

function loadLibrary(): Onnxruntime {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an optional package, missed with a sentence
    const ort = require("onnxruntime-node") as Onnxruntime;
    // Its own warnings go to stderr in a format of their own; what matters is reported through exceptions.
    ort.env.logLevel = "error";
    return ort;
  } catch (error) {
    throw new Error("The package `onnxruntime-node` cannot be loaded; install it beside the server.", {
      cause: error,
    });
  }
}

async function verifiedBytes({ file, sha256 }: WorkerInit): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`\`model.onnx\` cannot be read (${error.code}).`, { cause: error });
  });
  if (bytes.length === 0) throw new Error("`model.onnx` is empty.");
  if (sha256 !== undefined) {
    const actual = createHash("sha256").update(bytes).digest("hex");
    if (actual !== sha256) {
      throw new Error(
        `\`model.onnx\` has the SHA-256 ${actual}, but \`model.json\` pins ${sha256}; fetch the model again or correct the digest.`,
      );
    }
  }
  return bytes;
}

async function openSession(ort: Onnxruntime, init: WorkerInit): Promise<InferenceSession> {
  const bytes = await verifiedBytes(init);
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ["cpu"],
      intraOpNumThreads: init.intraOpThreads,
      interOpNumThreads: 1,
      logSeverityLevel: FATAL_ONLY,
      extra: {
        session: {
          // Spinning threads eat the CPU quota of everything else in the container.
          intra_op: { allow_spinning: "0" },
          // Weights in files of their own are found beside the model although it is loaded from memory.
          model_external_initializers_file_folder_path: dirname(init.file),
        },
      },
    });
  } catch (error) {
    throw new Error(loadFailure(error), { cause: error });
  }
}

function loadFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/protobuf parsing failed/i.test(text)) return "`model.onnx` is not an ONNX model.";
  const unsupported = /Unsupported data type: (\d+)/.exec(text);
  if (unsupported) {
    return `\`model.onnx\` has an input or output of ONNX element type ${unsupported[1]}, which the server does not take.`;
  }
  return `onnxruntime cannot load \`model.onnx\`: ${withoutPaths(text)}`;
}

/** Reasons are public: they tell neither where files lie here nor where onnxruntime was built. */
function withoutPaths(text: string): string {
  return text
    .replace(/(?:\/[\w.@+-]+){2,}/g, "(file)")
    .replace(/\s+/g, " ")
    .slice(0, 500);
}

function specs(metadata: readonly InferenceSession.ValueMetadata[]): TensorSpec[] {
  return metadata.map((value) => {
    if (!value.isTensor) throw new Error(`\`${value.name}\` of \`model.onnx\` is not a tensor.`);
    return {
      name: value.name,
      datatype: value.type,
      // A symbolic dimension is given by its name.
      shape: value.shape.map((dimension) => (typeof dimension === "number" ? dimension : -1)),
    };
  });
}

async function run(ort: Onnxruntime, session: InferenceSession, message: RunMessage): Promise<ResultMessage> {
  const feeds: Record<string, Tensor> = {};
  message.names.forEach((name, i) => {
    feeds[name] = new ort.Tensor(
      message.types[i] as "float32",
      message.data[i] as Float32Array,
      message.dims[i] as number[],
    );
  });
  const started = performance.now();
  const outputs: Record<string, OnnxValue> = await session.run(feeds, message.fetch, {
    logSeverityLevel: FATAL_ONLY,
  });
  const computeSeconds = (performance.now() - started) / 1000;
  const tensors = message.fetch.map((name) => outputs[name] as Tensor);
  return {
    id: message.id,
    names: [...message.fetch],
    types: tensors.map((tensor) => tensor.type),
    dims: tensors.map((tensor) => tensor.dims),
    data: tensors.map((tensor) => tensor.data as TensorData),
    computeSeconds,
  };
}

async function serve(port: MessagePort, init: WorkerInit): Promise<void> {
  const ort = loadLibrary();
  const session = await openSession(ort, init);
  port.on("message", (message: RunMessage | typeof CLOSE) => {
    if (message === CLOSE) {
      void session.release().finally(() => port.close());
      return;
    }
    run(ort, session, message).then(
      (result) => port.postMessage(result, transferables(result.data)),
      (error: unknown) =>
        port.postMessage({ id: message.id, failure: error instanceof Error ? error.message : String(error) }),
    );
  });
  port.postMessage({
    signature: { inputs: specs(session.inputMetadata), outputs: specs(session.outputMetadata) },
  });
}

if (parentPort) {
  const port = parentPort;
  serve(port, workerData as WorkerInit).catch((error: unknown) => {
    port.postMessage({ failure: error instanceof Error ? error.message : String(error) });
    port.close();
  });
}
