/** Requests of one row each with the answers that onnxruntime itself gives to them. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { BenchModel } from "./models";
import { seededNumbers } from "./seeded";

export interface Row {
  readonly input: Float32Array;
  readonly expected: Float32Array;
}

/** Batches may add in another order than a single row does. */
const TOLERANCE = 1e-4;

/** Whether these are the row's outputs. */
export const answers = ({ expected }: Row, got: Float32Array) =>
  got.length === expected.length && expected.every((value, i) => Math.abs(value - got[i]!) < TOLERANCE);

/** Rows for a model, each run alone on one thread. */
export async function rowsFor(model: BenchModel, count: number): Promise<Row[]> {
  const session = await InferenceSession.create(model.bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const numbers = seededNumbers(3);
  const size = model.rowShape.reduce((product, length) => product * length, 1);
  const rows: Row[] = [];
  for (let i = 0; i < count; i++) {
    // Shortest decimals of a float have up to nine digits; so have those of real features.
    const input = Float32Array.from({ length: size }, () => numbers() * 2 - 1);
    const { y } = await session.run({ x: new Tensor("float32", input, [1, ...model.rowShape]) });
    rows.push({ input, expected: Float32Array.from(y!.data as Float32Array) });
  }
  await session.release();
  return rows;
}
