import { randomInt } from "node:crypto";

export interface V2Tensor {
  name: string;
  datatype: "FP32" | "INT64";
  shape: number[];
  data: number[];
}

const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Uniform in [-1, 1), drawn anew each time, so that no recorded answer can pass for a computed one. */
function random(name: string, shape: number[]): V2Tensor {
  const data = Array.from({ length: size(shape) }, () =>
    Math.fround(randomInt(-1_000_000, 1_000_000) / 1_000_000),
  );
  return { name, datatype: "FP32", shape, data };
}

const generators: Record<string, () => V2Tensor[]> = {
  // Text recognition: one picture, 3 colour planes, 48 pixels high, any width.
  "pp-ocrv4-rec": () => [random("x", [1, 3, 48, 160])],
  // Voice activity: 512 samples, the recurrent state, and the sample rate in Hz.
  "silero-vad": () => [
    random("input", [1, 512]),
    random("state", [2, 1, 128]),
    { name: "sr", datatype: "INT64", shape: [], data: [16000] },
  ],
};

/** A random request for a model that comes with the project; undefined for any other. */
export function randomInputs(model: string): V2Tensor[] | undefined {
  return generators[model]?.();
}
