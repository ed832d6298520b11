/** One column of training data. */
export interface DataColumn {
  readonly name: string;
  /** Values of each row: more than 1 where the column holds vectors. */
  readonly width: number;
}

/** What a cell may hold before it is made to fit an input. Null and undefined are missing. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** Some rows, in the order of the file. */
export interface DataBatch {
  readonly rows: number;
  /** By the columns that were asked for: row-major, `rows` times the column's width. */
  readonly cells: readonly ArrayLike<Cell>[];
  /** Where a row of this batch is in the file, as sentences say it: `at line 7`, `in row 6`. */
  where(row: number): string;
}

/** Training data that is read as often as it must be, a part at a time. */
export interface DataSource {
  readonly columns: readonly DataColumn[];
  /** @throws DataMistake at what cannot be read */
  batches(columns: readonly string[]): AsyncIterable<DataBatch>;
  close(): Promise<void>;
}

/** Rows of a batch, where the format does not say. */
export const BATCH_ROWS = 4096;

/** What is wrong with the training data, in one sentence. */
export class DataMistake extends Error {
  override readonly name = "DataMistake";
  readonly exitCode = 1;
}
