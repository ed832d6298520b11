import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-node";
import type { TensorData } from "../dataplane/datatypes";
import type { OnnxType } from "./signature";
import type { DeclaredTensor, RunTensors } from "./synthetic-rows";

export type Onnxruntime = typeof import("onnxruntime-node");

/** @throws one sentence where the package is missing */
export function loadLibrary(): Onnxruntime {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an optional package, missed with a sentence
    const ort = require("onnxruntime-node") as Onnxruntime;
    // Its own warnings go to stderr in a format of their own; what matters is reported through exceptions.
    // A provider that does not start is an error to it, but a warning to us.
    ort.env.logLevel = "fatal";
    return ort;
  } catch (error) {
    throw new Error("The package `onnxruntime-node` cannot be loaded; install it beside the server.", {
      cause: error,
    });
  }
}

function declared(metadata: readonly InferenceSession.ValueMetadata[]): DeclaredTensor[] {
  return metadata.map((value) => {
    if (!value.isTensor) throw new Error(`\`${value.name}\` of \`model.onnx\` is not a tensor.`);
    return { name: value.name, type: value.type as OnnxType, shape: value.shape };
  });
}

/** One session, called with arrays in the order in which the model declares its tensors. */
export class SessionRunner {
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  private readonly outputNames: readonly string[];

  constructor(
    private readonly ort: Onnxruntime,
    readonly session: InferenceSession,
    /** Whether all of it computes on the processor. */
    readonly onProcessor: boolean,
  ) {
    this.inputs = declared(session.inputMetadata);
    this.outputs = declared(session.outputMetadata);
    this.outputNames = this.outputs.map(({ name }) => name);
  }

  /** Milliseconds of this thread's work, as near as they can be had: those on the clock or of the processor. */
  stopwatch(): () => number {
    const began = performance.now();
    const { user, system } = process.cpuUsage();
    return () => {
      const wall = performance.now() - began;
      if (!this.onProcessor) return wall;
      const used = process.cpuUsage();
      // Each counts more than this thread's work, other processes' turns or other threads' work: the lesser is nearer.
      return Math.min(wall, (used.user - user + used.system - system) / 1000);
    };
  }

  /** @param fetch places of the outputs to compute; all when left out */
  run({ dims, data }: RunTensors, fetch?: readonly number[]): Promise<RunTensors> {
    const { inputs, outputNames } = this;
    const feeds: Record<string, Tensor> = {};
    for (let i = 0; i < inputs.length; i++) {
      const { name, type } = inputs[i]!;
      feeds[name] = new this.ort.Tensor(type as "float32", data[i] as Float32Array, dims[i] as number[]);
    }
    const names = fetch ? fetch.map((i) => outputNames[i]!) : outputNames;
    return this.session.run(feeds, names).then((outputs) => columnsOf(outputs, names));
  }
}

function columnsOf(outputs: Readonly<Record<string, OnnxValue>>, names: readonly string[]): RunTensors {
  const dims: (readonly number[])[] = [];
  const data: TensorData[] = [];
  for (const name of names) {
    const tensor = outputs[name] as Tensor;
    dims.push(tensor.dims);
    data.push(tensor.data as TensorData);
  }
  return { dims, data };
}
