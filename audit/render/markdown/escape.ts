import { cut, shownLines, shownText } from "../text";

/** Shows as nothing and breaks no line; between `@` and a name there is then no mention. */
const JOINER = "\u2060";

/** What a code span may hold at most: names are short, and a long one is somebody's joke. */
const LONGEST_NAME = 160;
/** Code in a sentence is a path or a value. */
const LONGEST_CODE = 400;

/**
 * A code span with somebody's text in it: nothing in one is a mention, a link or HTML. Its fence is longer than any run of
 * backticks inside.
 */
export function code(text: string, most = LONGEST_NAME): string {
  // Cut before, as a name may be of any length, and after, as what is shown may be longer.
  const shown = cut(shownText(cut(text, most)), most);
  if (shown.trim() === "") return "`(blank)`";
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  // Where both ends are spaces the reader takes one off each.
  const pad = /^[ `]|[ `]$/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A fenced block of code. */
export function codeBlock(text: string, language: string): string {
  const shown = shownLines(text).join("\n");
  const longest = Math.max(2, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** What has a meaning in GitHub's Markdown wherever it stands, `$` for formulas included. */
const ALWAYS = /[\\`*_{}[\]<>#|~&@$^]/g;
/** What has one only where a line begins. */
const AT_START = /^(\s*)(?:([-+=])|(\d+)([.)]))/;

function escaped(text: string): string {
  return (
    text
      .replace(ALWAYS, "\\$&")
      .replace(AT_START, (_, space, bullet, number = "", dot) => `${space}${number}\\${bullet ?? dot}`)
      // What GitHub makes links or pictures of after Markdown has been read: mentions, issues, addresses, emoji.
      .replace(/\\[@#]|:(?=\/\/|\w)|\bwww(?=\.)|\bGH(?=-)/gi, `$&${JOINER}`)
  );
}

/** Text as it is, in which backticks enclose code and nothing else has a meaning. */
export function prose(text: string): string {
  const parts = shownText(text).split("`");
  if (parts.length % 2 === 0) return escaped(parts.join("`"));
  return parts
    .map((part, i) => {
      if (i % 2 === 1) return part.trim() === "" ? escaped(part) : code(part, LONGEST_CODE);
      // The fences of two spans side by side would be one.
      return part === "" && i > 0 && i < parts.length - 1 ? JOINER : escaped(part);
    })
    .join("");
}
