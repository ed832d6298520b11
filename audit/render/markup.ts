import { shownLines, shownText } from "./text";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);

/** HTML or XML that is known to be well formed: only `markup` and this file make any. */
export class Markup {
  private constructor(private readonly text: string) {}

  static of(strings: readonly string[], values: readonly Content[]): Markup {
    let text = strings[0]!;
    for (const [i, value] of values.entries()) text += inserted(value) + strings[i + 1]!;
    return new Markup(text);
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template's holes; absent and false values leave nothing. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

function inserted(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.toString();
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escaped(shownText(value));
  return value.map(inserted).join("");
}

/**
 * A template of HTML or XML. Whatever is put into it is escaped unless a template made it; a hole is in content or in an
 * attribute with quotes.
 */
export const markup = (strings: TemplateStringsArray, ...values: Content[]): Markup =>
  Markup.of(strings, values);

/** Text that others wrote: its direction of reading stays its own. */
export const foreign = (text: string): Markup => markup`<bdi>${text}</bdi>`;

/** A text whose line ends count: code. */
export function lines(text: string): Content {
  return shownLines(text).flatMap((line, i): Content[] => (i === 0 ? [line] : [Markup.of(["\n"], []), line]));
}

/** A text of ours or a rule's, in which backticks enclose code. */
export function sentence(text: string): Content {
  const parts = text.split("`");
  // An odd number of backticks encloses nothing for sure.
  if (parts.length % 2 === 0) return foreign(text);
  return parts.map((part, i) => (i % 2 === 1 ? markup`<code>${foreign(part)}</code>` : foreign(part)));
}
