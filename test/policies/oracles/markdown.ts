const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ").trim();

/** A row of a Markdown table. */
export const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((one) => cell(String(one))).join(" | ")} |`;

/** A Markdown table, or that there is nothing. */
export function table(head: readonly string[], rows: readonly string[]): string {
  if (rows.length === 0) return "None.\n";
  return `${[row(...head), row(...head.map(() => "---")), ...rows].join("\n")}\n`;
}

export const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
