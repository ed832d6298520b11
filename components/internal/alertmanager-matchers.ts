/** A condition on a label, as the operator has it. */
export interface Matcher {
  readonly name: string;
  readonly matchType: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

const FORM = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\\n]|\\.)*)"|([^\s",{}]+))\s*$/;

/** Parses a matcher as Alertmanager writes it, `name="value"`; undefined where the text is none. */
export function parseMatcher(text: string): Matcher | undefined {
  const [, name, matchType, quoted, bare] = FORM.exec(text) ?? [];
  if (name === undefined) return undefined;
  const value = quoted === undefined ? bare! : quoted.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c));
  return { name, matchType: matchType as Matcher["matchType"], value };
}

/** What is wrong with a matcher's text. */
export function matcherProblem(text: string): string | undefined {
  const matcher = parseMatcher(text);
  if (matcher === undefined) {
    return `${JSON.stringify(text)} must be a label, one of = != =~ !~ and a value, as in service="text"`;
  }
  if (!matcher.matchType.includes("~")) return undefined;
  // Alertmanager's expressions (RE2) have no such groups.
  if (/\(\?(<?[=!])/.test(matcher.value) || !isExpression(matcher.value))
    return `${JSON.stringify(text)} must have a regular expression (RE2) as its value`;
  return undefined;
}

function isExpression(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
}

/** The conditions of a route: its urgency, and its matchers in order. */
export function routeMatchers(route: {
  readonly severity?: string;
  readonly matchers?: readonly string[];
}): Matcher[] {
  const severity: Matcher[] =
    route.severity === undefined ? [] : [{ name: "severity", matchType: "=", value: route.severity }];
  return [...severity, ...(route.matchers ?? []).flatMap((text) => parseMatcher(text) ?? [])];
}

/** Whether every alert that satisfies `later` satisfies `earlier`, as far as their conditions are the same ones. */
export function covers(earlier: readonly Matcher[], later: readonly Matcher[]): boolean {
  return earlier.every((one) =>
    later.some(
      (other) => other.name === one.name && other.matchType === one.matchType && other.value === one.value,
    ),
  );
}
