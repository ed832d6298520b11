import { DATATYPES, type Datatype, type TensorData } from "../../dataplane/datatypes";
import { float16Bits, LARGEST_FLOAT16 } from "../../dataplane/float16";
import { Char, skipSpace, UNUSUAL } from "./characters";
import { scanBooleans, scanIntegers, scanLongs } from "./scan-integers";
import { scanManyFloats } from "./scan-many-floats";
import { scanTexts } from "./scan-text";

/** Reads elements `from` to `to` of a tensor out of one JSON array; gives the position of what follows, its `]`, or UNUSUAL. */
type ScanRow = (bytes: Buffer, at: number, from: number, to: number) => number;

const LEAST_INT64 = -(2n ** 63n);
const LARGEST_INT64 = 2n ** 63n - 1n;
const LARGEST_UINT64 = 2n ** 64n - 1n;

/** Bytes of the shortest element and its comma. */
const LEAST_ELEMENT = 2;

/** The values of one tensor and where in the body they end. */
export class ScannedData {
  /** The position after the tensor's last `]`; UNUSUAL where the exact parser has to decide. */
  after = UNUSUAL;
  data: TensorData | undefined;

  /**
   * @param at the position of the first `[`
   * @param end of the JSON text, whose last byte is a `}`
   */
  constructor(
    bytes: Buffer,
    at: number,
    end: number,
    datatype: Datatype,
    shape: readonly number[],
    count: number,
  ) {
    // What the shape declares must be there before anything is allocated for it.
    if (count * LEAST_ELEMENT > end - at) return;
    if (datatype === "FP32" && shape.length > 0 && bytes[at] === Char.OpenArray) {
      const out = new Float32Array(count);
      this.data = out;
      const first = skipSpace(bytes, at + 1);
      // The common case, without the closure of the general one.
      if (bytes[first] !== Char.OpenArray) {
        const last = scanManyFloats(bytes, first, out, 0, count, true);
        this.after = afterArray(bytes, last);
        return;
      }
      this.after = scanNested(bytes, at, shape, count, (_, from, first, last) =>
        scanManyFloats(bytes, from, out, first, last, true),
      );
      return;
    }
    this.after = this.scan(bytes, at, datatype, shape, count);
  }

  private scan(
    bytes: Buffer,
    at: number,
    datatype: Datatype,
    shape: readonly number[],
    count: number,
  ): number {
    if (bytes[at] !== Char.OpenArray) return UNUSUAL;
    if (datatype === "FP16") return this.scanHalves(bytes, at, shape, count);
    const row = this.rowScanner(datatype, count);
    const first = skipSpace(bytes, at + 1);
    if (bytes[first] === Char.OpenArray) return scanNested(bytes, at, shape, count, row);
    return afterArray(bytes, row(bytes, first, 0, count));
  }

  private scanHalves(bytes: Buffer, at: number, shape: readonly number[], count: number): number {
    const wide = new ScannedData(bytes, at, bytes.length, "FP64", shape, count);
    if (wide.after === UNUSUAL) return UNUSUAL;
    const values = wide.data as Float64Array;
    const bits = new Uint16Array(count);
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (!(Math.abs(value) < LARGEST_FLOAT16)) return UNUSUAL;
      bits[i] = float16Bits(value);
    }
    this.data = bits;
    return wide.after;
  }

  private rowScanner(datatype: Exclude<Datatype, "FP16">, count: number): ScanRow {
    switch (datatype) {
      case "BYTES": {
        const out = new Array<string>(count);
        this.data = out;
        return (bytes, at, from, to) => scanTexts(bytes, at, out, from, to);
      }
      case "BOOL": {
        const out = new Uint8Array(count);
        this.data = out;
        return (bytes, at, from, to) => scanBooleans(bytes, at, out, from, to);
      }
      case "INT64":
      case "UINT64": {
        const whole = new DATATYPES[datatype].array(count);
        const longs = { whole, halves: new Int32Array(whole.buffer) };
        const [least, largest] = datatype === "INT64" ? [LEAST_INT64, LARGEST_INT64] : [0n, LARGEST_UINT64];
        this.data = whole;
        return (bytes, at, from, to) => scanLongs(bytes, at, longs, from, to, least, largest);
      }
      case "FP32":
      case "FP64": {
        const out = new DATATYPES[datatype].array(count);
        this.data = out;
        return (bytes, at, from, to) => scanManyFloats(bytes, at, out, from, to, datatype === "FP32");
      }
      default: {
        const { array, range } = DATATYPES[datatype];
        const out = new array(count);
        this.data = out;
        return (bytes, at, from, to) => scanIntegers(bytes, at, out, from, to, range[0], range[1]);
      }
    }
  }
}

/** The position after the `]` that must be here. */
const afterArray = (bytes: Buffer, at: number) =>
  at !== UNUSUAL && bytes[at] === Char.CloseArray ? at + 1 : UNUSUAL;

/**
 * Reads arrays that are nested as the shape says. Every array must hold exactly as many elements as its dimension and
 * those beneath it have, which makes the nesting right level by level.
 * @returns the position after the outermost `]`, or UNUSUAL
 */
function scanNested(
  bytes: Buffer,
  at: number,
  shape: readonly number[],
  count: number,
  row: ScanRow,
): number {
  const rank = shape.length;
  // Elements of an array at each depth; depth 1 is the outermost.
  const sizes = new Array<number>(rank + 1).fill(1);
  for (let depth = rank; depth > 0; depth--) {
    sizes[depth] = shape[depth - 1]! * (depth === rank ? 1 : sizes[depth + 1]!);
  }
  const begun = new Array<number>(rank + 1).fill(0);
  let depth = 0;
  let i = 0;
  for (;;) {
    // Down to an innermost array.
    while (depth < rank) {
      at = skipSpace(bytes, at);
      if (bytes[at] !== Char.OpenArray) return UNUSUAL;
      at++;
      begun[++depth] = i;
    }
    const next = i + sizes[rank]!;
    if (next > count) return UNUSUAL;
    at = row(bytes, skipSpace(bytes, at), i, next);
    if (at === UNUSUAL) return UNUSUAL;
    i = next;
    // Up as far as arrays end.
    for (;;) {
      if (bytes[at] !== Char.CloseArray || i - begun[depth]! !== sizes[depth]) return UNUSUAL;
      at++;
      if (--depth === 0) return i === count ? at : UNUSUAL;
      at = skipSpace(bytes, at);
      if (bytes[at] === Char.Comma) {
        at++;
        break;
      }
    }
  }
}
