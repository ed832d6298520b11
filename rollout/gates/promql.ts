import type { SyntaxNode, Tree } from "@lezer/common";
import { article, TypeCheck, TypeProblem } from "./promql-types";
import { signatureOf } from "./promql-functions";
import { fillTemplate, templateProblem, type QueryNames } from "./query-template";

/** Stands in for what is known only when a gate is asked: names of every form that a query has to cope with. */
const SAMPLE: QueryNames = {
  slot: "green",
  service: "service-green",
  liveService: "service-blue",
  namespace: "models",
  windowSeconds: 60,
};

function parse(text: string): Tree {
  // Loaded on use: 30 kB of tables that most programs never need.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parser } = require("@prometheus-io/lezer-promql") as typeof import("@prometheus-io/lezer-promql");
  return parser.parse(text);
}

/**
 * Why Prometheus could not answer a gate's query with a number: a predicate such as "is not PromQL: …" with the place in it, or
 * undefined. Parsed with Prometheus' own grammar (`@prometheus-io/lezer-promql`), then checked for types as its server does.
 */
export function promqlProblem(query: string): string | undefined {
  if (query.trim() === "") return "must not be empty";
  const unknown = templateProblem(query);
  if (unknown) return `cannot be filled in: ${unknown}`;
  const { text, sourceOf } = fillTemplate(query, SAMPLE);
  const notPromql = (position: number, what: string) =>
    `is not PromQL: character ${sourceOf(position) + 1}: ${what}`;
  const tree = parse(text);
  const wrong = firstError(tree);
  if (wrong) return notPromql(...describeError(text, wrong));
  const expression = tree.topNode.getChild("Expr");
  if (!expression) return "is not PromQL: there are only comments";
  try {
    const type = new TypeCheck(text).typeOf(expression);
    if (type === "scalar" || type === "instant vector") return undefined;
    return `gives ${article(type)}; a gate compares one number, so it must give a scalar or an instant vector of one`;
  } catch (error) {
    if (error instanceof TypeProblem) return notPromql(error.position, error.message);
    throw error;
  }
}

/** The leftmost place that the grammar could not read. */
function firstError(tree: Tree): SyntaxNode | undefined {
  let first: SyntaxNode | undefined;
  tree.iterate({
    enter(node) {
      if (node.type.isError && (!first || node.from < first.from)) first = node.node;
    },
  });
  return first;
}

function describeError(text: string, { from }: SyntaxNode): [number, string] {
  const rest = text.slice(from);
  const next = /^\s*([A-Za-z_][\w:]*|\S)/.exec(rest);
  if (!next) return [text.trimEnd().length, "the query ends where more is expected"];
  const at = from + next[0].length - next[1]!.length;
  // A name before a parenthesis is read as a metric's, so that the error is found at the parenthesis only.
  const called = /([A-Za-z_][\w:]*)\s*$/.exec(text.slice(0, at));
  if (next[1] === "(" && called && signatureOf(called[1]!) === undefined)
    return [called.index, `there is no function ${called[1]}`];
  return [at, `"${next[1]}" is not expected here`];
}
