import { DATATYPES, type Datatype, type TensorData } from "../../dataplane/datatypes";
import { float16Bits } from "../../dataplane/float16";
import type { Cell } from "../readers/source";

/** What tables write for a number that is not there. */
const MISSING = /^(|nan|na|n\/a|null|none|\?)$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;
const BITS: Readonly<Record<string, [bigint, bigint]>> = {
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT64: [0n, 2n ** 64n - 1n],
};

/** A cell does not fit its input; the message ends a sentence that names the cell. */
export class UnfitCell extends Error {}

/** Empty data of so many elements. */
export function emptyData(datatype: Datatype, length: number): TensorData {
  const info = DATATYPES[datatype];
  return info.array === undefined ? new Array<string>(length).fill("") : new info.array(length);
}

/** How a cell becomes an element of a datatype. @throws UnfitCell */
export function elementWriter(datatype: Datatype): (cell: Cell, data: TensorData, at: number) => void {
  switch (datatype) {
    case "BYTES":
      return (cell, data, at) =>
        ((data as string[])[at] = cell === null || cell === undefined ? "" : String(cell));
    case "BOOL":
      return (cell, data, at) => ((data as Uint8Array)[at] = truth(cell));
    case "FP16":
      return (cell, data, at) => ((data as Uint16Array)[at] = float16Bits(real(cell)));
    case "FP32":
    case "FP64":
      return (cell, data, at) => ((data as Float64Array)[at] = real(cell));
    case "INT64":
    case "UINT64": {
      const [least, most] = BITS[datatype]!;
      return (cell, data, at) => {
        const value = whole(cell);
        if (value < least || value > most) throw new UnfitCell(`is outside of ${datatype}`);
        (data as BigInt64Array)[at] = value;
      };
    }
    default: {
      const [least, most] = DATATYPES[datatype].range;
      return (cell, data, at) => {
        const value = Number(whole(cell));
        if (value < least || value > most)
          throw new UnfitCell(`is outside of ${datatype}, ${least} to ${most}`);
        (data as Int32Array)[at] = value;
      };
    }
  }
}

function real(cell: Cell): number {
  if (typeof cell === "number") return cell;
  if (cell === null || cell === undefined) return NaN;
  if (typeof cell !== "string") return Number(cell);
  const text = cell.trim();
  if (NUMBER.test(text)) return Number(text);
  if (MISSING.test(text)) return NaN;
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  throw new UnfitCell("is not a number");
}

function whole(cell: Cell): bigint {
  if (typeof cell === "bigint") return cell;
  if (typeof cell === "boolean") return cell ? 1n : 0n;
  if (cell === null || cell === undefined || MISSING.test(String(cell).trim()))
    throw new UnfitCell("is missing, which a whole number cannot be; fill it in or leave the row out");
  const text = String(cell).trim();
  // Tables with gaps write whole numbers as 3.0.
  const [, digits] = /^([+-]?\d+)(?:\.0*)?$/.exec(text) ?? [];
  if (digits !== undefined) return BigInt(digits.replace(/^\+/, ""));
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isInteger(value)) throw new UnfitCell("is not a whole number");
  return BigInt(value);
}

function truth(cell: Cell): number {
  if (typeof cell === "boolean") return cell ? 1 : 0;
  const text = String(cell).trim().toLowerCase();
  if (text === "true" || text === "1") return 1;
  if (text === "false" || text === "0") return 0;
  throw new UnfitCell("is neither true nor false");
}
