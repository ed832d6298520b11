import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { InputError } from "../input-error";
import { kindOf } from "../json";
import type { WaiverProblem } from "../report";
import { type Waiver, waiverSchema } from "./waiver-schema";

/** A waiver with the line of its entry. */
export interface WrittenWaiver extends Waiver {
  readonly line: number;
}

export interface ReadWaivers {
  readonly waivers: readonly WrittenWaiver[];
  /** Entries that are no waivers, an owner or a reason missing for one: they waive nothing. */
  readonly problems: readonly WaiverProblem[];
}

/**
 * Reads waivers.yaml.
 * @throws InputError where it is no such file at all
 */
export function readWaivers(text: string): ReadWaivers {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (node: Node | null | undefined, fallback = 1) =>
    node?.range ? lines.linePos(node.range[0]).line : fallback;
  const [error] = document.errors;
  if (error) {
    throw new InputError(`line ${lines.linePos(error.pos[0]).line}: is not valid YAML (${error.message})`);
  }
  const waivers: WrittenWaiver[] = [];
  const problems: WaiverProblem[] = [];
  for (const node of entriesOf(document, lineOf)) {
    const line = lineOf(node);
    const read = waiverSchema.safeParse(plain(document, node, line));
    if (read.success) waivers.push({ ...read.data, line });
    else problems.push(...read.error.issues.map((issue) => problem(issue, node, lineOf)));
  }
  return { waivers, problems };
}

function entriesOf(document: Document, lineOf: (node: Node | null | undefined) => number): Node[] {
  const root = document.contents;
  if (!isMap(root)) throw new InputError(`line ${lineOf(root)}: must be a map with the key \`waivers\``);
  for (const { key, value } of root.items as { key: Node; value: Node | null }[]) {
    const name = String(key);
    if (name !== "waivers") {
      throw new InputError(`line ${lineOf(key)}: \`${name}\` is no key of it; the only one is \`waivers\``);
    }
    if (isSeq(value)) return value.items as Node[];
    const found = kindOf(value === null ? undefined : value.toJS(document, { maxAliasCount: 10 }));
    throw new InputError(`line ${lineOf(value ?? key)}: \`waivers\` must be a list, not ${found}`);
  }
  throw new InputError("line 1: must be a map with the key `waivers`");
}

/** Aliases of aliases can stand for more than any machine holds. */
function plain(document: Document, node: Node, line: number): unknown {
  try {
    return node.toJS(document, { maxAliasCount: 10 });
  } catch (error) {
    throw new InputError(`line ${line}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const SHAPES: Readonly<Record<string, string>> = {
  expires: "must be a day in quotes or plain, like 2026-12-31",
};

function problem(
  issue: { readonly code: string; readonly path: readonly PropertyKey[]; readonly keys?: unknown },
  node: Node,
  lineOf: (node: Node | null | undefined, fallback?: number) => number,
): WaiverProblem {
  const line = lineOf(node);
  if (!isMap(node)) return { line, message: "A waiver must be a map with rule, resource, owner, …." };
  if (issue.code === "unrecognized_keys") {
    const [name = ""] = issue.keys as string[];
    const allowed = Object.keys(waiverSchema.shape).join(", ");
    return {
      line: lineOf(keyNode(node, name), line),
      message: `\`${name}\` is no field of a waiver; it has: ${allowed}.`,
    };
  }
  const field = String(issue.path[0] ?? "");
  const value = node.get(field, true) as Node | undefined;
  if (value === undefined || String(value).trim() === "" || String(value) === "null") {
    return { line: lineOf(value, line), message: `The waiver has no \`${field}\`.` };
  }
  const rule = SHAPES[field] ?? "must be text of at most 2,000 characters; a number needs quotes";
  return { line: lineOf(value, line), message: `The waiver's \`${field}\` ${rule}.` };
}

function keyNode(node: Node, name: string): Node | undefined {
  const pair = isMap(node) ? node.items.find(({ key }) => String(key) === name) : undefined;
  return pair?.key as Node | undefined;
}
