import { stripVTControlCharacters } from "node:util";

/** Characters that a text takes on a terminal, colours left out. */
const widthOf = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

/**
 * A line, broken between its words where it is longer than the terminal is wide; what follows is indented. Words longer than a line,
 * such as hashes, are broken anywhere. Colours may span whole words only.
 */
export function wrapped(line: string, width: number, indent: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const margin = " ".repeat(Math.min(indent, Math.max(0, width - 20)));
  const lines: string[] = [];
  const start = /^ */.exec(line)![0];
  let current = start;
  for (const word of line.slice(start.length).split(" ")) {
    const isEmpty = current.trim() === "";
    const joined = isEmpty ? `${current}${word}` : `${current} ${word}`;
    if (widthOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (!isEmpty) lines.push(current);
    current = `${isEmpty ? current : margin}${word}`;
    // Coloured words are short: one that is broken has no colours.
    while (widthOf(current) > width) {
      const characters = Array.from(current);
      lines.push(characters.slice(0, width).join(""));
      current = `${margin}${characters.slice(width).join("")}`;
    }
  }
  return current.trim() === "" ? lines : [...lines, current];
}
