import { createHash } from "node:crypto";
import type { DataSource } from "../../runtime/drift/readers/source";
import type { RowModel } from "../../runtime/drift/profile/open-model";
import type { InputColumns } from "../../runtime/drift/profile/assign-columns";
import { INPUT, listen, STATE, type Heard } from "./listening";
import { speechClips } from "./speech";
import { LINE_HEIGHT, LINE_WIDTH, scannedLines } from "./text-lines";

/** Requests in the place of training data. */
export interface SampleRows {
  /** By input; row after row. */
  readonly columns: Readonly<Record<string, { readonly width: number; readonly values: Float32Array }>>;
  readonly rows: number;
  /** File that draws them, from the repository's root. */
  readonly file: string;
  /** SHA-256 of what was drawn, in hex: the same on every machine. */
  readonly sha256: string;
}

/** Draws requests for a model that comes with the project. @param model runs where one request needs the last one's answer */
export function sampleRows(name: string, model: RowModel, seed: number): Promise<SampleRows> {
  if (name === "silero-vad") return heardRows(model, speechClips(seed, CLIPS));
  if (name === "pp-ocrv4-rec") return Promise.resolve(readRows(scannedLines(seed, LINES)));
  throw new Error(`\`${name}\` has no sample requests.`);
}

const CLIPS = 64;
const LINES = 200;

function readRows(lines: readonly Float32Array[]): SampleRows {
  const values = joined(lines);
  return {
    columns: { x: { width: 3 * LINE_HEIGHT * LINE_WIDTH, values } },
    rows: lines.length,
    file: "examples/baselines/text-lines.ts",
    sha256: sha256Of(values),
  };
}

async function heardRows(model: RowModel, clips: readonly Float32Array[]): Promise<SampleRows> {
  const all: Heard[] = [];
  const inputs = model.spec.inputs.map(({ name, datatype, shape }): InputColumns => {
    const rowShape = { input: [INPUT], state: [2, 1, 128], sr: [] }[name] ?? [...shape];
    return { name, datatype, rowShape, width: rowShape.reduce((a, b) => a * b, 1), columns: [name] };
  });
  const place = model.spec.outputs.findIndex(({ name }) => name === "stateN");
  for (const clip of clips) {
    await listen(clip, async (heard) => {
      all.push(heard);
      const { input, state, sr } = heard;
      const given: Record<string, Float32Array | BigInt64Array> = {
        input,
        state,
        sr: BigInt64Array.of(BigInt(sr)),
      };
      let next = state;
      const data = inputs.map(({ name }) => given[name]!);
      await model.run(inputs, { rows: 1, data }, (outputs) => (next = outputs[place] as Float32Array));
      return Float32Array.from(next);
    });
  }
  return {
    columns: {
      input: { width: INPUT, values: joined(all.map(({ input }) => input)) },
      state: { width: STATE, values: joined(all.map(({ state }) => state)) },
      sr: { width: 1, values: Float32Array.from(all, ({ sr }) => sr) },
    },
    rows: all.length,
    file: "examples/baselines/speech.ts",
    sha256: sha256Of(joined(clips)),
  };
}

/** For `makeBaseline`, which reads rows as it reads a file's. */
export function sourceOf({ columns, rows }: SampleRows): DataSource {
  return {
    columns: Object.entries(columns).map(([name, { width }]) => ({ name, width })),
    async *batches(wanted) {
      yield { rows, cells: wanted.map((name) => columns[name]!.values), where: (row) => `in row ${row + 1}` };
    },
    close: () => Promise.resolve(),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const sha256Of = (values: Float32Array): string =>
  createHash("sha256")
    .update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
