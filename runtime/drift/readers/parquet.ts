import { open, type FileHandle } from "node:fs/promises";
import type { AsyncBuffer } from "hyparquet";
import { messageOf } from "../../message-of";
import {
  BATCH_ROWS,
  DataMistake,
  type Cell,
  type DataBatch,
  type DataColumn,
  type DataSource,
} from "./source";

type Hyparquet = typeof import("hyparquet");
type Compressors = typeof import("hyparquet-compressors");

/**
 * A Parquet file, read by row groups: one of those is in memory at a time. Lists are vectors; every row must have as many
 * elements as the first.
 */
export async function openParquet(file: string, named: string): Promise<DataSource> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded for the format that needs it
  const { parquetMetadataAsync, parquetScan, parquetSchema } = require("hyparquet") as Hyparquet;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
  const { compressors } = require("hyparquet-compressors") as Compressors;
  const handle = await open(file, "r");
  const readable = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw new DataMistake(
        `${named} cannot be read as Parquet; it may have been cut off (${messageOf(error)}).`,
        { cause: error },
      );
    }
  };
  try {
    return await opened();
  } catch (error) {
    await handle.close();
    throw error;
  }

  async function opened(): Promise<DataSource> {
    const { scan, names } = await readable(async () => {
      const buffer = await rangesOf(handle);
      const metadata = await parquetMetadataAsync(buffer);
      return {
        scan: await parquetScan({ file: buffer, metadata, compressors }),
        names: parquetSchema(metadata).children.map(({ element }) => element.name),
      };
    });
    const ranges = scan.ranges.filter(({ rowStart, rowEnd }) => rowEnd > rowStart);
    const widths = new Map<string, number>();
    const [first] = ranges;
    const columns: DataColumn[] = [];
    for (const name of names) {
      const [cell] =
        first === undefined
          ? []
          : await readable(() =>
              scan.readColumn({ column: name, rowStart: first.rowStart, rowEnd: first.rowStart + 1 }),
            );
      widths.set(name, flattened(cell).length);
      columns.push({ name, width: widths.get(name)! });
    }
    return { columns, batches, close: () => handle.close() };

    async function* batches(wanted: readonly string[]): AsyncGenerator<DataBatch> {
      for (const range of ranges) {
        const whole: ArrayLike<unknown>[] = [];
        for (const column of wanted) whole.push(await readable(() => scan.readColumn({ column, ...range })));
        const { rowStart, rowEnd } = range;
        for (let from = rowStart; from < rowEnd; from += BATCH_ROWS) {
          const rows = Math.min(BATCH_ROWS, rowEnd - from);
          const where = (row: number) => `in row ${from + row + 1}`;
          const cells = whole.map((data, i) => {
            const part = Array.prototype.slice.call(
              data,
              from - rowStart,
              from - rowStart + rows,
            ) as unknown[];
            return spread(part, wanted[i]!, where);
          });
          yield { rows, cells, where };
        }
      }
    }

    function spread(values: readonly unknown[], column: string, where: (row: number) => string): Cell[] {
      const width = widths.get(column)!;
      if (width === 1 && !values.some(isList)) return values.map(plain);
      return values.flatMap((value, row) => {
        const elements = flattened(value);
        if (elements.length !== width)
          throw new DataMistake(
            `${named} has ${elements.length} elements in column \`${column}\` ${where(row)}, but ${width} in its first row; every row must have as many.`,
          );
        return elements.map(plain);
      });
    }
  }
}

async function rangesOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(Math.max(0, end - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length) throw new Error(`it ends at byte ${start + bytesRead}`);
      return bytes.buffer;
    },
  };
}

const isList = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value);

function flattened(value: unknown): unknown[] {
  if (!isList(value)) return [value];
  return Array.from(value as ArrayLike<unknown>).flatMap(flattened);
}

/** Times count in seconds since 1970, as far as models take them at all. */
function plain(value: unknown): Cell {
  if (value instanceof Date) return value.getTime() / 1000;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as Cell);
}
