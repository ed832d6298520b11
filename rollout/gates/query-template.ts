import type { Slot } from "../declaration";

/** What the names in a gate's query stand for at one measurement. */
export interface QueryNames {
  /** The candidate's slot. */
  readonly slot: Slot;
  /** Kubernetes Service of the candidate, which is its `service` label in Prometheus. */
  readonly service: string;
  readonly liveService: string;
  readonly namespace: string;
  /** Whole seconds that a measurement looks back; see `measuringWindow`. */
  readonly windowSeconds: number;
  /** Seconds for which the candidate has been asked, where that is known: pods that were gone before are not its own. @default 60 */
  readonly watchedSeconds?: number;
}

/** What may stand between `{{` and `}}`. */
export const TEMPLATE_NAMES = ["slot", "live", "service", "liveService", "namespace", "window"] as const;
type TemplateName = (typeof TEMPLATE_NAMES)[number];

const SLOT_OPENED = /\{\{\s*([^{}]*?)\s*\}\}/g;

function valueOf(name: TemplateName, names: QueryNames): string {
  switch (name) {
    case "slot":
      return names.slot;
    case "live":
      return names.slot === "blue" ? "green" : "blue";
    case "window":
      return `${names.windowSeconds}s`;
    default:
      return names[name];
  }
}

const isTemplateName = (name: string): name is TemplateName =>
  (TEMPLATE_NAMES as readonly string[]).includes(name);

/** The sentence about names that nothing is known of; undefined where there is none. */
export function templateProblem(query: string): string | undefined {
  for (const match of query.matchAll(SLOT_OPENED)) {
    const name = match[1] ?? "";
    if (isTemplateName(name)) continue;
    const known = TEMPLATE_NAMES.map((each) => `{{${each}}}`).join(", ");
    return `character ${match.index + 1}: {{${name}}} stands for nothing; there are ${known}`;
  }
  return undefined;
}

/** A piece of a filled query: `from` and `to` in it, and where it began in the query as written. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly source: number;
  /** Whether it was written as it is, and not filled in. */
  readonly literal: boolean;
}

export interface FilledQuery {
  readonly text: string;
  /** Where a position of `text` lies in the query as written. */
  readonly sourceOf: (position: number) => number;
}

/** @throws Error on names that nothing is known of; `templateProblem` finds them before */
export function fillTemplate(query: string, names: QueryNames): FilledQuery {
  const pieces: Piece[] = [];
  let text = "";
  let at = 0;
  const add = (piece: string, source: number, literal: boolean) => {
    pieces.push({ from: text.length, to: text.length + piece.length, source, literal });
    text += piece;
  };
  for (const match of query.matchAll(SLOT_OPENED)) {
    const name = match[1] ?? "";
    if (!isTemplateName(name)) throw new Error(`A gate's query is not usable: ${templateProblem(query)}.`);
    add(query.slice(at, match.index), at, true);
    add(valueOf(name, names), match.index, false);
    at = match.index + match[0].length;
  }
  add(query.slice(at), at, true);
  const sourceOf = (position: number) => {
    const piece =
      pieces.find(({ from, to }) => position >= from && position < to) ?? pieces[pieces.length - 1]!;
    return piece.literal ? piece.source + position - piece.from : piece.source;
  };
  return { text, sourceOf };
}
