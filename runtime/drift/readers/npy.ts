import { open, type FileHandle } from "node:fs/promises";
import { DATATYPES } from "../../dataplane/datatypes";
import { float16Value } from "../../dataplane/float16";
import { BATCH_ROWS, DataMistake, type Cell, type DataBatch } from "./source";

/** Elements that one read takes. */
const MOST_ELEMENTS = 1 << 20;
/** Bytes of a header; numpy's own are below 1 KiB. */
const LONGEST_HEADER = 1 << 20;
const MAGIC = "\x93NUMPY";

const TYPES: Readonly<Record<string, keyof typeof DATATYPES>> = {
  b1: "BOOL",
  u1: "UINT8",
  u2: "UINT16",
  u4: "UINT32",
  u8: "UINT64",
  i1: "INT8",
  i2: "INT16",
  i4: "INT32",
  i8: "INT64",
  f2: "FP16",
  f4: "FP32",
  f8: "FP64",
};

interface Header {
  /** `f4`, or `U7` for texts of up to 7 characters. */
  readonly type: string;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Bytes before the data. */
  readonly offset: number;
}

/**
 * An array as `numpy.save` writes it, read by ranges of its first dimension.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html versions 1.0 to 3.0
 */
export class NpyFile {
  readonly rows: number;
  /** Elements of a row. */
  readonly width: number;
  private readonly elementBytes: number;

  private constructor(
    private readonly handle: FileHandle,
    private readonly named: string,
    private readonly header: Header,
  ) {
    const [rows = 1, ...rest] = header.shape;
    this.rows = rows;
    this.width = rest.reduce((product, size) => product * size, 1);
    this.elementBytes = elementBytes(header.type);
  }

  /** @param named what sentences call the file @throws DataMistake where it is no such array */
  static async open(file: string, named: string): Promise<NpyFile> {
    const handle = await open(file, "r");
    try {
      const header = await readHeader(handle, named);
      const npy = new NpyFile(handle, named, header);
      const { size } = await handle.stat();
      const expected = header.offset + npy.rows * npy.width * npy.elementBytes;
      if (size < expected)
        throw new DataMistake(
          `${named} has ${size} bytes, but an array of the shape (${header.shape.join(", ")}) needs ${expected}: it was cut off.`,
        );
      return npy;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  async *batches(): AsyncGenerator<DataBatch> {
    const most = Math.max(1, Math.min(BATCH_ROWS, Math.floor(MOST_ELEMENTS / Math.max(1, this.width))));
    for (let first = 0; first < this.rows; first += most) {
      const rows = Math.min(most, this.rows - first);
      yield { rows, cells: [await this.read(first, rows)], where: (row) => `in row ${first + row + 1}` };
    }
  }

  /** Row-major. */
  async read(first: number, rows: number): Promise<ArrayLike<Cell>> {
    const { width, header } = this;
    if (!header.fortranOrder || width === 1) return this.elements(first * width, rows * width);
    // Column by column in the file; of more than two dimensions the first varies fastest.
    const columns: ArrayLike<Cell>[] = [];
    for (let place = 0; place < width; place++) {
      columns.push(await this.elements(fortranPlace(place, header.shape) * this.rows + first, rows));
    }
    const cells = new Array<Cell>(rows * width);
    for (let row = 0, at = 0; row < rows; row++)
      for (let place = 0; place < width; place++, at++) cells[at] = columns[place]![row];
    return cells;
  }

  private async elements(first: number, count: number): Promise<ArrayLike<Cell>> {
    const { header, elementBytes: each } = this;
    const bytes = Buffer.alloc(count * each);
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, header.offset + first * each);
    if (bytesRead < bytes.length) throw new DataMistake(`${this.named} was cut off while it was read.`);
    if (/^[US]/.test(header.type)) return texts(bytes, header, each, count);
    if (header.bigEndian) swap(bytes, each);
    const datatype = TYPES[header.type]! as Exclude<keyof typeof DATATYPES, "BYTES">;
    const data = new DATATYPES[datatype].array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    return datatype === "FP16" ? Float64Array.from(data as Uint16Array, float16Value) : data;
  }
}

function elementBytes(type: string): number {
  const size = Number(type.slice(1));
  return type.startsWith("U") ? 4 * size : size;
}

function swap(bytes: Buffer, each: number): void {
  if (each === 2) bytes.swap16();
  else if (each === 4) bytes.swap32();
  else if (each === 8) bytes.swap64();
}

/** Where the place of a row-major row lies among the columns of a Fortran-ordered array. */
function fortranPlace(place: number, [, ...shape]: readonly number[]): number {
  let rest = place;
  const indexes = shape.map(() => 0);
  for (let i = shape.length - 1; i >= 0; i--) {
    indexes[i] = rest % shape[i]!;
    rest = Math.floor(rest / shape[i]!);
  }
  let at = 0;
  for (let i = shape.length - 1; i >= 0; i--) at = at * shape[i]! + indexes[i]!;
  return at;
}

function texts(bytes: Buffer, { type, bigEndian }: Header, each: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const element = bytes.subarray(i * each, (i + 1) * each);
    if (type.startsWith("S")) return element.toString("utf8").replace(/\0+$/, "");
    let text = "";
    for (let at = 0; at < element.length; at += 4) {
      const point = bigEndian ? element.readUInt32BE(at) : element.readUInt32LE(at);
      if (point !== 0) text += String.fromCodePoint(point);
    }
    return text;
  });
}

async function readHeader(handle: FileHandle, named: string): Promise<Header> {
  const start = Buffer.alloc(12);
  const { bytesRead } = await handle.read(start, 0, 12, 0);
  if (bytesRead < 12 || start.toString("latin1", 0, 6) !== MAGIC)
    throw new DataMistake(`${named} is no NPY file: it does not begin as \`numpy.save\` writes.`);
  const major = start[6]!;
  if (major < 1 || major > 3)
    throw new DataMistake(`${named} is an NPY file of version ${major}, but 1 to 3 are known.`);
  const length = major === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  const begin = major === 1 ? 10 : 12;
  const text = Buffer.alloc(Math.min(length, LONGEST_HEADER));
  const read = await handle.read(text, 0, text.length, begin);
  if (read.bytesRead < length) throw new DataMistake(`${named} ends within its header: it was cut off.`);
  return parseHeader(text.toString("utf8"), begin + length, named);
}

/** The header is a Python literal: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. */
function parseHeader(text: string, offset: number, named: string): Header {
  const [, order = "", type = ""] = /'descr':\s*'([<>=|])([A-Za-z]\d+)'/.exec(text) ?? [];
  const [, fortran] = /'fortran_order':\s*(True|False)/.exec(text) ?? [];
  const [, dimensions] = /'shape':\s*\(([\d,\s]*)\)/.exec(text) ?? [];
  if (fortran === undefined || dimensions === undefined)
    throw new DataMistake(`${named} has the header ${text.trim().slice(0, 200)}, which is not numpy's.`);
  if (!(type in TYPES) && !/^[US][1-9]\d*$/.test(type)) {
    const [, described = "a structure"] = /'descr':\s*('[^']*'|\[[^\]]*\])/.exec(text) ?? [];
    throw new DataMistake(
      `${named} holds ${described.slice(0, 100)}, but arrays of numbers, booleans and texts are read; save one array per input.`,
    );
  }
  const shape = (dimensions.match(/\d+/g) ?? []).map(Number);
  return { type, bigEndian: order === ">", fortranOrder: fortran === "True", shape, offset };
}
