import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Holds a page of the reference equal to what the code says. `UPDATE_DOCS=1` writes the page instead, for
 * whoever has changed the code.
 */
export function assertReferencePage(path: string, expected: string): void {
  const file = join(__dirname, "../..", path);
  if (process.env.UPDATE_DOCS === "1") writeFileSync(file, expected);
  const remedy = `${path} differs from the code: run the tests once with UPDATE_DOCS=1.`;
  assert.equal(readFileSync(file, "utf8"), expected, remedy);
}

/** A Markdown table; pipes inside cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
