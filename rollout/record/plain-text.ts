/**
 * Characters that move a terminal's cursor, turn reading direction round or show as nothing: a name or reason with them
 * could look like another.
 */
const DECEPTIVE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const asEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text that people wrote or a program sent, safe to print on one line: line ends become spaces, deceptive characters escapes. */
export function plainText(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, " ")
    .replace(LONE_SURROGATE, "\ufffd")
    .replace(DECEPTIVE, asEscape)
    .trim();
}

/** Plain, and no longer than so many characters; what was cut off is counted. */
export function boundedText(text: string, limit: number): string {
  const characters = Array.from(plainText(text));
  if (characters.length <= limit) return characters.join("");
  return `${characters.slice(0, limit).join("")}… (${characters.length - limit} more characters)`;
}
