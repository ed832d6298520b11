/** Pulumi type tokens in which `*` stands for one segment, as in `kubernetes:apps/*:Deployment`. */
export type TypePattern = string;

const matchers = new Map<TypePattern, RegExp>();

function matcher(pattern: TypePattern): RegExp {
  let found = matchers.get(pattern);
  if (!found) {
    const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    found = new RegExp(`^${source.join("[^:/]+")}$`);
    matchers.set(pattern, found);
  }
  return found;
}

/** Spares most patterns their regular expression, whose compilation takes longer than all else that is asked of it. */
function mayMatch(type: string, pattern: TypePattern): boolean {
  return type.startsWith(pattern.split("*", 1)[0]!);
}

/** Answers by patterns and type: a stack asks every rule about every resource, of few types. */
const answers = new WeakMap<readonly TypePattern[], Map<string, boolean>>();

/** Whether a type token is one of the patterns; any API version of a kind is, where the pattern says `*`. */
export function matchesType(type: string, patterns: readonly TypePattern[]): boolean {
  let known = answers.get(patterns);
  if (!known) answers.set(patterns, (known = new Map<string, boolean>()));
  let answer = known.get(type);
  if (answer === undefined) {
    answer = patterns.some((pattern) => mayMatch(type, pattern) && matcher(pattern).test(type));
    known.set(type, answer);
  }
  return answer;
}
