import type { SyntaxNode } from "@lezer/common";
import { signatureOf, type ValueType } from "./promql-functions";

/** A well-formed query that Prometheus would refuse all the same, as its parser's `checkAST` does. */
export class TypeProblem extends Error {
  override readonly name = "TypeProblem";
  constructor(
    message: string,
    /** Where in the query, from 0 on. */
    readonly position: number,
  ) {
    super(message);
  }
}

const COMPARISONS = ["Eql", "Neq", "Lte", "Lss", "Gte", "Gtr"];
const SET_OPERATORS = ["And", "Or", "Unless"];
/** Aggregations with a parameter before what they aggregate. */
const PARAMETERS: Readonly<Record<string, ValueType>> = {
  bottomk: "scalar",
  count_values: "string",
  limitk: "scalar",
  limit_ratio: "scalar",
  quantile: "scalar",
  topk: "scalar",
};
/** What follows an expression: `[5m]`, `[5m:1m]`, `offset 5m`, `@ end()` and the like. */
const SUFFIXES = [
  "MatrixSelector",
  "SubqueryExpr",
  "OffsetExpr",
  "StepInvariantExpr",
  "AnchoredExpr",
  "SmoothedExpr",
];
/** What suffixes other than ranges may follow. */
const SELECTORS = ["VectorSelector", ...SUFFIXES];

/** The types of the expressions of one parsed query. */
export class TypeCheck {
  constructor(private readonly text: string) {}

  /** @throws TypeProblem where the expression, or one inside it, cannot be evaluated */
  typeOf(node: SyntaxNode): ValueType {
    return this.suffixed(node, []);
  }

  /**
   * The grammar's tree has a suffix of `a / b offset 5m` around the whole division, where Prometheus means `b` alone: suffixes are
   * handed on to the rightmost operand.
   * @param suffixes of the node, the innermost first
   */
  private suffixed(node: SyntaxNode, suffixes: readonly SyntaxNode[]): ValueType {
    if (SUFFIXES.includes(node.name)) return this.suffixed(this.inner(node), [node, ...suffixes]);
    if (node.name === "UnaryExpr") return this.operand(this.inner(node), suffixes);
    if (node.name === "BinaryExpr") return this.binary(node, suffixes);
    let type = this.bare(node);
    let kind = node.name;
    for (const [i, suffix] of suffixes.entries()) {
      if (suffixes.findIndex(({ name }) => name === suffix.name) < i && suffix.name !== "SubqueryExpr")
        throw new TypeProblem("the same may not follow a selector twice", suffix.to);
      type = suffixType(suffix, kind, type, node.from);
      kind = suffix.name;
    }
    return type;
  }

  private bare(node: SyntaxNode): ValueType {
    switch (node.name) {
      case "NumberDurationLiteral":
        return "scalar";
      case "StringLiteral":
        return "string";
      case "VectorSelector":
        return this.selector(node);
      case "AggregateExpr":
        return this.aggregate(node);
      case "FunctionCall":
        return this.call(node);
      default:
        return this.typeOf(this.inner(node));
    }
  }

  private source({ from, to }: SyntaxNode): string {
    return this.text.slice(from, to);
  }

  private inner(node: SyntaxNode): SyntaxNode {
    const child = node.getChild("Expr");
    if (!child) throw new TypeProblem("an expression is missing", node.from);
    return child;
  }

  private expect(node: SyntaxNode, wanted: ValueType, of: string): void {
    const given = this.typeOf(node);
    if (given === wanted) return;
    const hint =
      wanted === "range vector" && given === "instant vector"
        ? `; give it a range, as in ${this.source(node)}[5m]`
        : "";
    throw new TypeProblem(`${of} takes ${article(wanted)}, not ${article(given)}${hint}`, node.from);
  }

  private operand(node: SyntaxNode, suffixes: readonly SyntaxNode[]): ValueType {
    const type = this.suffixed(node, suffixes);
    if (type === "scalar" || type === "instant vector") return type;
    throw new TypeProblem(`an operator takes scalars and instant vectors, not ${article(type)}`, node.from);
  }

  /** Prometheus refuses selectors that select everything. */
  private selector(node: SyntaxNode): ValueType {
    const matchers = node.getChild("LabelMatchers");
    const names = [...(matchers?.getChildren("QuotedLabelName") ?? [])];
    const pairs = ["UnquotedLabelMatcher", "QuotedLabelMatcher"].flatMap(
      (kind) => matchers?.getChildren(kind) ?? [],
    );
    const naming = pairs.some((pair) => this.source(pair.firstChild!) === "__name__");
    if (node.getChild("Identifier") && (naming || names.length > 0))
      throw new TypeProblem("a metric's name is given twice", node.from);
    if (!node.getChild("Identifier") && names.length === 0 && !pairs.some((pair) => this.narrows(pair)))
      throw new TypeProblem("a selector needs a metric's name or a label that must not be empty", node.from);
    return "instant vector";
  }

  /** Whether a matcher refuses the empty label. */
  private narrows(pair: SyntaxNode): boolean {
    const literal = pair.getChild("StringLiteral");
    const value = literal ? this.source(literal).slice(1, -1) : "";
    switch (pair.getChild("MatchOp")?.firstChild?.name) {
      case "EqlSingle":
        return value !== "";
      case "Neq":
        return value === "";
      case "EqlRegex":
        return !matchesEmpty(value);
      default:
        return matchesEmpty(value);
    }
  }

  private binary(node: SyntaxNode, suffixes: readonly SyntaxNode[]): ValueType {
    const [left, right] = node.getChildren("Expr");
    if (!left || !right) throw new TypeProblem("an operator lacks one of its sides", node.from);
    const types = [this.operand(left, []), this.operand(right, suffixes)];
    const scalars = types.filter((type) => type === "scalar").length;
    const has = (names: readonly string[]) => names.some((name) => node.getChild(name) !== null);
    if (node.getChild("BoolModifier")) {
      if (!has(COMPARISONS)) throw new TypeProblem("`bool` belongs to comparisons alone", node.from);
    } else if (scalars === 2 && has(COMPARISONS)) {
      throw new TypeProblem("a comparison of two scalars must use `bool`, as in 1 < bool 2", node.from);
    }
    if (scalars > 0 && has(SET_OPERATORS))
      throw new TypeProblem("`and`, `or` and `unless` take instant vectors, not a scalar", node.from);
    if (scalars > 0 && has(["MatchingModifierClause"]))
      throw new TypeProblem("`on` and `ignoring` match instant vectors, not a scalar", node.from);
    const matching = node.getChild("MatchingModifierClause");
    if (matching && has(SET_OPERATORS) && (matching.getChild("GroupLeft") ?? matching.getChild("GroupRight")))
      throw new TypeProblem("`and`, `or` and `unless` cannot be grouped", matching.from);
    return scalars === 2 ? "scalar" : "instant vector";
  }

  private aggregate(node: SyntaxNode): ValueType {
    const operator = node.getChild("AggregateOp");
    // Keywords are not case-sensitive.
    const name = operator ? this.source(operator).toLowerCase() : "";
    const given = node.getChild("FunctionCallBody")?.getChildren("Expr") ?? [];
    const parameter = PARAMETERS[name];
    const wanted: readonly ValueType[] = parameter ? [parameter, "instant vector"] : ["instant vector"];
    if (given.length !== wanted.length)
      throw new TypeProblem(`${name} takes ${counted(wanted.length)}, not ${given.length}`, node.from);
    given.forEach((each, i) => this.expect(each, wanted[i]!, name));
    return "instant vector";
  }

  private call(node: SyntaxNode): ValueType {
    const identifier = node.getChild("FunctionIdentifier");
    const name = identifier ? this.source(identifier) : "";
    const signature = signatureOf(name);
    if (!signature) throw new TypeProblem(`there is no function ${name}`, node.from);
    const { args, optional, repeats, returns } = signature;
    const given = node.getChild("FunctionCallBody")?.getChildren("Expr") ?? [];
    const least = args.length - optional;
    if (given.length < least || (!repeats && given.length > args.length)) {
      const bounds = repeats
        ? `at least ${counted(least)}`
        : optional
          ? `${least} to ${counted(args.length)}`
          : counted(least);
      throw new TypeProblem(`${name} takes ${bounds}, not ${given.length}`, node.from);
    }
    given.forEach((each, i) => this.expect(each, args[Math.min(i, args.length - 1)]!, name));
    return returns;
  }
}

function suffixType(suffix: SyntaxNode, kind: string, type: ValueType, position: number): ValueType {
  switch (suffix.name) {
    case "MatrixSelector":
      if (kind === "VectorSelector") return "range vector";
      throw new TypeProblem("a range may only follow a selector; use a subquery, as in [5m:]", position);
    case "SubqueryExpr":
      if (type === "instant vector") return "range vector";
      throw new TypeProblem(`a subquery takes an instant vector, not ${article(type)}`, position);
    default:
      if (SELECTORS.includes(kind)) return type;
      throw new TypeProblem("`offset`, `@` and the like may only follow a selector or a subquery", position);
  }
}

export function article(type: ValueType): string {
  return `${type === "instant vector" ? "an" : "a"} ${type}`;
}

const counted = (count: number): string => `${count} argument${count === 1 ? "" : "s"}`;

/** Prometheus' expressions are anchored and RE2's; one that JavaScript cannot read is taken to ask for something. */
function matchesEmpty(expression: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test("");
  } catch {
    return false;
  }
}
