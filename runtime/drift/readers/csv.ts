import { createReadStream } from "node:fs";
import type { CsvError, Info, Options, Parser } from "csv-parse";
import { messageOf } from "../../message-of";
import { BATCH_ROWS, DataMistake, type Cell, type DataBatch, type DataSource } from "./source";

/** Characters of one record: a quote that is never closed would take the whole file for one. */
const LONGEST_RECORD = 64 * 1024 * 1024;

/** Records that are parsed before they are asked for. */
const AHEAD = 1024;

type Record = { readonly record: string[]; readonly info: Info };

/**
 * Comma-separated text with a line of column names (RFC 4180), plain or with tabs or semicolons where the first line has
 * those instead. Each cell is a text.
 * @param named what sentences call the file
 */
export async function openCsv(file: string, named: string): Promise<DataSource> {
  let header: string[] | undefined;
  const delimiter = await delimiterOf(file);
  for await (const [first] of records(file, named, delimiter)) {
    header = first!.record.map((name) => name.trim());
    break;
  }
  if (header === undefined)
    throw new DataMistake(`${named} is empty; it needs a line of column names and rows.`);
  const twice = header.find((name, i) => header!.indexOf(name) !== i);
  if (twice !== undefined) throw new DataMistake(`${named} has two columns named \`${twice}\`; rename one.`);
  const names = header;
  return {
    columns: names.map((name) => ({ name, width: 1 })),
    batches: (columns) =>
      batches(
        file,
        named,
        delimiter,
        columns.map((name) => names.indexOf(name)),
      ),
    close: async () => {},
  };
}

async function* batches(
  file: string,
  named: string,
  delimiter: string,
  places: readonly number[],
): AsyncGenerator<DataBatch> {
  let cells: Cell[][] = places.map(() => []);
  let lines: number[] = [];
  const batch = (): DataBatch => {
    const at = lines;
    return { rows: at.length, cells, where: (row) => `at line ${at[row]}` };
  };
  let isHeader = true;
  for await (const parsed of records(file, named, delimiter)) {
    for (const { record, info } of parsed) {
      if (isHeader) {
        isHeader = false;
        continue;
      }
      for (let i = 0; i < places.length; i++) cells[i]!.push(record[places[i]!]);
      lines.push(info.lines);
      if (lines.length < BATCH_ROWS) continue;
      yield batch();
      cells = places.map(() => []);
      lines = [];
    }
  }
  if (lines.length > 0) yield batch();
}

/** All that are parsed already at a time: waiting for each of millions would take longer than parsing it. */
async function* records(file: string, named: string, delimiter: string): AsyncGenerator<Record[]> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded for the format that needs it
  const { parse } = require("csv-parse") as { parse(options: Options): Parser };
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    // Lines of one file may end differently where several were joined.
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    readableHighWaterMark: AHEAD,
  } as Options);
  const stream = createReadStream(file);
  let failure: unknown;
  let ended = false;
  let wake = () => {};
  parser.on("readable", () => wake());
  parser.on("end", () => {
    ended = true;
    wake();
  });
  parser.on("error", (error) => {
    failure ??= error;
    wake();
  });
  stream.on("error", (error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    for (;;) {
      const parsed: Record[] = [];
      for (let each = parser.read() as Record | null; each !== null; each = parser.read() as Record | null)
        parsed.push(each);
      if (parsed.length > 0) yield parsed;
      else if (failure !== undefined) throw mistake(failure, named);
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stream.destroy();
    parser.destroy();
  }
}

function mistake(error: unknown, named: string): Error {
  const { code, lines, record } = error as Partial<CsvError> & { lines?: number; record?: string[] };
  if (code === undefined || !code.startsWith("CSV_"))
    return new DataMistake(`${named} cannot be read: ${messageOf(error)}.`, { cause: error });
  switch (code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH":
      return new DataMistake(
        `${named} has ${record?.length ?? "other than as many"} cells at line ${lines}, but its first line has another number; every row must have as many.`,
        { cause: error },
      );
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return new DataMistake(
        `${named} has a quotation mark that is never closed; it was read up to line ${lines}.`,
        {
          cause: error,
        },
      );
    default:
      return new DataMistake(`${named} is not CSV at line ${lines}: ${messageOf(error)}.`, { cause: error });
  }
}

/** The one of comma, tab and semicolon that the first line has most of. */
async function delimiterOf(file: string): Promise<string> {
  let start = "";
  for await (const part of createReadStream(file, { encoding: "utf8", end: 65_535 })) start += part as string;
  const line = start.slice(0, (start.search(/[\r\n]/) + 1 || start.length + 1) - 1).replace(/"[^"]*"/g, "");
  const count = (sign: string) => line.split(sign).length;
  return [",", "\t", ";"].reduce((most, sign) => (count(sign) > count(most) ? sign : most));
}
