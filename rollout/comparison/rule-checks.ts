/** One thing that is wrong with rules of comparison: where, and what is allowed instead. */
export interface RuleProblem {
  /** From the rules on, as in `outputs.y.topK`; empty for the rules themselves. */
  readonly path: string;
  readonly reason: string;
}

const FIELDS = ["absolute", "relative", "nanEqual", "topK"];

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Everything that is wrong with rules that a program or a configuration gave. */
export function ruleProblems(rules: unknown): RuleProblem[] {
  if (!isMap(rules)) return [{ path: "", reason: "must be a map with `outputs`, `others` or both" }];
  const problems: RuleProblem[] = [];
  for (const key of Object.keys(rules)) {
    if (key !== "outputs" && key !== "others")
      problems.push({ path: key, reason: "does not exist; there are outputs, others" });
  }
  const { outputs, others } = rules;
  if (others !== undefined) problems.push(...problemsOfRule("others", others));
  if (outputs === undefined) return problems;
  if (!isMap(outputs)) return [...problems, { path: "outputs", reason: "must be a map of rules by output" }];
  for (const [name, rule] of Object.entries(outputs)) {
    problems.push(...problemsOfRule(`outputs.${name}`, rule));
  }
  return problems;
}

function problemsOfRule(path: string, rule: unknown): RuleProblem[] {
  if (!isMap(rule)) return [{ path, reason: `must be a map of ${FIELDS.join(", ")}` }];
  return Object.entries(rule).flatMap(([field, value]) => {
    if (value === undefined) return [];
    const reason = problemOfField(field, value);
    return reason === undefined ? [] : [{ path: `${path}.${field}`, reason }];
  });
}

function problemOfField(field: string, value: unknown): string | undefined {
  switch (field) {
    case "absolute":
    case "relative":
      return typeof value === "number" && value >= 0 && value < Infinity
        ? undefined
        : `${String(value)} must be a number >= 0`;
    case "topK":
      return Number.isInteger(value) && (value as number) >= 0
        ? undefined
        : `${String(value)} must be a whole number >= 0`;
    case "nanEqual":
      return typeof value === "boolean" ? undefined : `${String(value)} must be true or false`;
    default:
      return `does not exist; there are ${FIELDS.join(", ")}`;
  }
}
