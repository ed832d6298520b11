import Table from "cli-table3";

const NO_BORDERS = {
  chars: {
    ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", left: "", "left-mid": "", mid: "" },
    ...{ "mid-mid": "", right: "", "right-mid": "", bottom: "", "bottom-mid": "", "bottom-left": "" },
    ...{ "bottom-right": "", middle: "  " },
  },
  style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
};

/** Where a column's cells stand: text at the left edge, numbers at the right one. */
export type Align = "left" | "right";

/**
 * Rows in columns two blanks apart, without borders; cells may have colours.
 * @param columns of each column; the last one also holds for those after it
 * @returns a line for each row
 */
export function plainTable(rows: readonly (readonly string[])[], columns: readonly Align[]): string[] {
  const table = new Table(NO_BORDERS);
  const last = columns.length - 1;
  for (const row of rows)
    table.push(row.map((content, at) => ({ content, hAlign: columns[Math.min(at, last)]! })));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
