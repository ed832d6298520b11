import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { promqlProblem } from "../../../rollout/gates/promql";

/** One way to read an expression. */
interface Reading {
  readonly text: string;
  /** Whether it reads any series. */
  readonly selects: boolean;
}

const COMPARISONS = ["Eql", "Neq", "Lte", "Lss", "Gte", "Gtr"];
const SET_OPERATORS = ["And", "Or", "Unless"];
/** What says something of series that are not there: what must be there is their argument. */
const OF_NOTHING = ["absent", "absent_over_time"];

/**
 * What must have series where a rule is to notice anything: the expression without its comparisons, one for each operand of `and`,
 * `or` and `unless`, also inside of aggregations. No `or vector(0)` hides then that a name is wrong. Offsets are left out, because a
 * Prometheus that has just begun has no past.
 * @throws Error for what is not PromQL
 */
export function operandsOf(promql: string): string[] {
  const wrong = promqlProblem(promql);
  if (wrong) throw new Error(`\`${promql}\` ${wrong}`);
  const expression = parser.parse(promql).topNode.getChild("Expr")!;
  return [...new Set(new Reader(promql).read(expression).map(({ text }) => text))];
}

class Reader {
  constructor(private readonly promql: string) {}

  read(node: SyntaxNode): Reading[] {
    switch (node.name) {
      case "VectorSelector":
        return [{ text: this.promql.slice(node.from, node.to), selects: true }];
      case "OffsetExpr":
        return this.read(node.getChild("Expr")!);
      case "BinaryExpr":
        return this.splits(node) ? this.sides(node) : this.whole(node, node.getChildren("Expr"));
      case "FunctionCall":
      case "AggregateExpr":
        return this.call(node);
      default:
        return this.whole(node, node.getChildren("Expr"));
    }
  }

  /** With `bool` a comparison is a sum like any other: it has series whatever it compares. */
  private splits(node: SyntaxNode): boolean {
    const has = (names: readonly string[]) => names.some((name) => node.getChild(name) !== null);
    return has(SET_OPERATORS) || (has(COMPARISONS) && node.getChild("BoolModifier") === null);
  }

  /** Those that read series; of two constants, both. */
  private sides(node: SyntaxNode): Reading[] {
    const readings = node.getChildren("Expr").flatMap((side) => this.read(side));
    const selecting = readings.filter(({ selects }) => selects);
    return selecting.length > 0 ? selecting : readings;
  }

  private call(node: SyntaxNode): Reading[] {
    const given = node.getChild("FunctionCallBody")?.getChildren("Expr") ?? [];
    const name = node.getChild("FunctionIdentifier");
    if (name && OF_NOTHING.includes(this.promql.slice(name.from, name.to)))
      return given.flatMap((each) => this.read(each));
    return this.whole(node, given);
  }

  /** The node as it is written, for each way to read those of its parts. */
  private whole(node: SyntaxNode, parts: readonly SyntaxNode[]): Reading[] {
    let readings: Reading[] = [{ text: "", selects: false }];
    let at = node.from;
    for (const part of parts) {
      const before = this.promql.slice(at, part.from);
      const ways = this.read(part);
      readings = readings.flatMap(({ text, selects }) =>
        ways.map((way) => ({ text: text + before + way.text, selects: selects || way.selects })),
      );
      at = part.to;
    }
    const rest = this.promql.slice(at, node.to);
    return readings.map(({ text, selects }) => ({ text: text + rest, selects }));
  }
}
