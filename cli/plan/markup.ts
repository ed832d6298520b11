// Controls, line ends, and the marks that turn the direction of writing: none has a place in a line of text.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Somebody's text on one line: it can neither move a terminal's cursor nor begin another line. */
export const oneLine = (text: string): string => text.replace(UNPRINTABLE, " ");

/**
 * A Markdown code span with somebody's text in it. Nothing inside one is a mention, a link or HTML, so that only
 * what would end the span or a table's cell has to go.
 */
export const code = (text: string): string =>
  `\`${oneLine(text).replaceAll("`", "'").replaceAll("|", "¦") || " "}\``;

/** By code points, so that no character is cut in two. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")}…`;
}

/** "`a`, `b` and 3 more". */
export function listed(names: readonly string[], most: number): string {
  const first = names.slice(0, most).map((name) => code(cut(name, 80)));
  const rest = names.length - first.length;
  if (rest > 0) return `${first.join(", ")} and ${rest} more`;
  return first.length > 1 ? `${first.slice(0, -1).join(", ")} and ${first.at(-1)}` : (first[0] ?? "");
}
