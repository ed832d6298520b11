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

/** Whether a type token is one of the patterns; any API version of a kind is, where the pattern says `*`. */
export function matchesType(type: string, patterns: readonly TypePattern[]): boolean {
  return patterns.some((pattern) => matcher(pattern).test(type));
}
