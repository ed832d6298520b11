import { AssertionError } from "node:assert";
import { nearNames } from "./near-names";
import { type Asked, askedFor, type Outcome } from "./outcome";
import { type PlainResource, urnOf } from "./plain-resource";

type Outcomes = readonly Outcome[];

/**
 * Asserts that a rule was asked, is about the resource and neither failed nor was left open there.
 * @param outcomes as `runPack`, `runRule` or `runPolicy` gave them
 * @param resource one of those that were judged; without it, the rule has to be about one of them and to pass for all
 */
export function assertPasses(outcomes: Outcomes, rule: string, resource?: PlainResource): void {
  const found = look(outcomes, rule, resource);
  if (found.isAbout && found.of("fail").length + found.of("indeterminate").length === 0) return;
  refuse(found, "must pass", assertPasses);
}

/** Asserts that a rule failed. @returns what it said, for assertions about its words */
export function assertFails(outcomes: Outcomes, rule: string, resource?: PlainResource): Outcome[] {
  return assertSaid("fail", "must fail", assertFails, outcomes, rule, resource);
}

/** Asserts that a rule could not judge, for want of a value that a preview does not know. @returns what it said */
export function assertIndeterminate(outcomes: Outcomes, rule: string, resource?: PlainResource): Outcome[] {
  return assertSaid("indeterminate", "must be indeterminate", assertIndeterminate, outcomes, rule, resource);
}

/** Asserts that a rule is not about the resource, or about none of them. */
export function assertNotApplicable(outcomes: Outcomes, rule: string, resource?: PlainResource): void {
  const found = look(outcomes, rule, resource);
  if (found.isAbout) refuse(found, "must not apply", assertNotApplicable);
}

/** What a rule said of a resource, or of all. */
interface Found {
  readonly rule: string;
  /** Undefined for all resources. */
  readonly urn: string | undefined;
  readonly isAbout: boolean;
  readonly outcomes: Outcomes;
  /** The rule's outcomes for other resources. */
  readonly elsewhere: Outcomes;
  of(state: Outcome["state"]): Outcome[];
}

function look(all: Outcomes, rule: string, resource: PlainResource | undefined): Found {
  const asked = askedFor(all);
  const judged = asked.judged.get(rule);
  if (!judged) throw new AssertionError({ message: notRun(asked, rule), stackStartFn: look });
  const urn = resource && urnOf(resource);
  if (urn !== undefined && !asked.resources.includes(urn)) {
    const message = `${urn} is none of the resources that were judged:${list(asked.resources)}`;
    throw new AssertionError({ message, stackStartFn: look });
  }
  const own = all.filter((outcome) => outcome.rule === rule);
  // What is said of the stack as a whole is said of each of its resources.
  const isHere = (outcome: Outcome): boolean =>
    urn === undefined || outcome.urn === undefined || outcome.urn === urn;
  const outcomes = own.filter(isHere);
  return {
    rule,
    urn,
    isAbout: urn === undefined ? judged.size > 0 : judged.has(urn),
    outcomes,
    elsewhere: own.filter((outcome) => !isHere(outcome) && outcome.state !== "not-applicable"),
    of: (state) => outcomes.filter((outcome) => outcome.state === state),
  };
}

function notRun({ judged, disabled }: Asked, rule: string): string {
  if (disabled.has(rule)) return `\`${rule}\` was not asked: the settings disable it.`;
  const near = nearNames(rule, [...judged.keys(), ...disabled]).map((name) => `\`${name}\``);
  return `\`${rule}\` is none of the rules that were asked.${near.length > 0 ? ` Is it ${near.join(" or ")}?` : ""}`;
}

function assertSaid(
  state: Outcome["state"],
  wanted: string,
  caller: (...args: never[]) => unknown,
  outcomes: Outcomes,
  rule: string,
  resource: PlainResource | undefined,
): Outcome[] {
  const found = look(outcomes, rule, resource);
  const said = found.of(state);
  if (said.length === 0) refuse(found, wanted, caller);
  return said;
}

function refuse(found: Found, wanted: string, caller: (...args: never[]) => unknown): never {
  const { rule, urn, isAbout, outcomes, elsewhere } = found;
  const where = urn === undefined ? "" : ` for ${urn}`;
  const said = isAbout ? outcomes.filter(({ state }) => state !== "not-applicable") : outcomes;
  const verdict = said.length > 0 ? `found:${list(said.map(shown))}` : "it passed.";
  const others = elsewhere.length > 0 ? `\nfound elsewhere:${list(elsewhere.map(shown))}` : "";
  throw new AssertionError({
    message: `\`${rule}\` ${wanted}${where}; ${verdict}${others}`,
    // Only so that the stack begins with the line of the test.
    stackStartFn: caller as (...args: unknown[]) => unknown as never,
  });
}

/** A pack says a line for each resource that a rule is not about. */
const MAX_LISTED = 20;

function list(items: readonly string[]): string {
  const more = items.length > MAX_LISTED ? [`and ${items.length - MAX_LISTED} more`] : [];
  return [...items.slice(0, MAX_LISTED), ...more].map((item) => `\n- ${item}`).join("");
}

const shown = ({ state, enforcement, urn, message }: Outcome): string =>
  `${state}${state === "fail" ? ` (${enforcement})` : ""}${urn === undefined ? "" : ` ${urn}`}: ${message}`;
