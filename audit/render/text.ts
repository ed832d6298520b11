/**
 * Characters that end a line, move a cursor, turn the direction of reading round or show as nothing, and those that XML
 * forbids: a name with them could look like another, or break out of its line.
 */
const DECEPTIVE =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

const asEscape = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;

/** Somebody's text on one line that shows all there is to it: line ends become spaces, deceptive characters escapes. */
export const shownText = (text: string): string =>
  text.replace(/[ \t]*[\r\n]+\s*/g, " ").replace(DECEPTIVE, asEscape);

/** Lines of code, each shown as it is; tabs are spaces. */
export const shownLines = (text: string): string[] =>
  text.split(/\r\n|\r|\n/).map((line) => shownText(line.replace(/\t/g, "  ")));

/** With a sign in the place of each half of a character, which no encoding has. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");

/** By code points, so that no character is cut in two. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // A character takes two places at most: what lies beyond has no say, however long it is.
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** "1 resource", "5,000 resources". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** 5000 as "5,000"; not by `toLocaleString`, whose data differ between machines. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
