import { InferenceSession } from "onnxruntime-node";
import type { Loaded } from "./onnx-probe";

/** Numbers of the types that onnxruntime-node names. */
const NUMBERS: Readonly<Record<string, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

/** Loads a model into onnxruntime. */
export async function load(bytes: Uint8Array): Promise<Loaded> {
  try {
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1 });
    const [output] = session.outputMetadata;
    const outputType = output?.isTensor === true ? NUMBERS[output.type] : undefined;
    await session.release();
    return { outputType };
  } catch (error) {
    return { sentence: (error as Error).message };
  }
}
