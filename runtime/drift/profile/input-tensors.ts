import type { TensorData } from "../../dataplane/datatypes";
import { DataMistake, type Cell, type DataBatch } from "../readers/source";
import type { InputColumns } from "./assign-columns";
import { elementWriter, emptyData, UnfitCell } from "./cell-values";

/** Rows of every input, in the order of the inputs. */
export interface InputRows {
  readonly rows: number;
  readonly data: readonly TensorData[];
}

/** Columns that are read, each once. */
export function wantedColumns(inputs: readonly InputColumns[]): string[] {
  return [...new Set(inputs.flatMap(({ columns }) => columns))];
}

/**
 * Makes a batch's cells the elements of the inputs.
 * @param wanted as the batch's cells are ordered @throws DataMistake naming the cell that does not fit
 */
export function inputRows(
  inputs: readonly InputColumns[],
  wanted: readonly string[],
  batch: DataBatch,
  named: string,
): InputRows {
  const { rows } = batch;
  const data = inputs.map(({ name, datatype, width, columns }) => {
    const own = emptyData(datatype, rows * width);
    const write = elementWriter(datatype);
    const fill = (cells: ArrayLike<Cell>, column: string, first: number, step: number) => {
      for (let i = 0, at = first; i < cells.length; i++, at += step) {
        try {
          write(cells[i], own, at);
        } catch (error) {
          if (!(error instanceof UnfitCell)) throw error;
          const row = Math.floor((i * rows) / cells.length);
          const cell = String(cells[i] ?? "").slice(0, 64);
          throw new DataMistake(
            `${named} has \`${cell}\` in column \`${column}\` ${batch.where(row)}, which ${error.message}; the input \`${name}\` takes ${datatype}.`,
          );
        }
      }
    };
    columns.forEach((column, i) => {
      const cells = batch.cells[wanted.indexOf(column)]!;
      if (columns.length === 1) fill(cells, column, 0, 1);
      else fill(cells, column, i, width);
    });
    return own;
  });
  return { rows, data };
}

/** Some of the rows, as data of its own. */
export function sliceRows(
  inputs: readonly InputColumns[],
  { data }: InputRows,
  from: number,
  to: number,
): InputRows {
  return {
    rows: to - from,
    data: data.map((each, i) => each.slice(from * inputs[i]!.width, to * inputs[i]!.width)),
  };
}
