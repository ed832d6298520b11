import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A field of an interface, as its doc comment has it. */
export interface DocumentedField {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly doc: string;
  /** Text of `@default`. */
  readonly fallback: string | undefined;
}

const source = (file: string): string => readFileSync(join(__dirname, "../../../components", file), "utf8");

const prose = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\/?\*+\/?\s?/, "").replace(/\s*\*\/$/, ""))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();

/** Fields that an interface declares itself, in order. */
export function fieldsOf(file: string, name: string): DocumentedField[] {
  const body = new RegExp(`export interface ${name}[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(source(file))?.[1];
  if (body === undefined) throw new Error(`${file} declares no interface ${name}`);
  return [
    ...body.matchAll(
      /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\s*readonly (\w+)(\??):\s*([^;]+(?:\{[^}]*\}[^;]*)?);/g,
    ),
  ].map((match) => {
    const [doc, fallback] = prose(match[1] ?? "").split(" @default ");
    return {
      name: match[2]!,
      optional: match[3] === "?",
      type: match[4]!.replace(/\s+/g, " ").replace("readonly {", "{"),
      doc: doc ?? "",
      fallback,
    };
  });
}

function classComment(file: string, name: string): string {
  const match = new RegExp(`(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/)\\nexport class ${name} `).exec(source(file));
  if (!match) throw new Error(`${file} has no documented class ${name}`);
  return match[1]!;
}

/** The doc comment of a class, without its example. */
export function classDoc(file: string, name: string): string {
  return prose(classComment(file, name).split("@example")[0]!);
}

/** The program of a class' `@example`; undefined where it has none. */
export function classExample(file: string, name: string): string | undefined {
  return classComment(file, name)
    .split("@example\n")[1]
    ?.split("\n")
    .map((line) => line.replace(/^ \* ?/, ""))
    .filter((line) => line !== "/")
    .join("\n");
}
