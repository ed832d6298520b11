import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";
import type { Subject } from "./subject";
import type { Verdict } from "./verdict";

/** What cannot be told from the resource: whether something is wrong lies with what it does not say. */
export interface Doubt {
  readonly doubt: string;
}

/** What is wrong, or may be, as the end of a sentence about the resource; undefined where nothing is. */
export type Problem = string | Doubt | undefined;

export function report(verdict: Verdict, subject: Subject, problem: Problem): void {
  if (typeof problem === "string") verdict.fail(subject, problem);
  else if (problem) verdict.indeterminate(subject, problem.doubt);
}

/** A rule about the inputs of one resource. */
export function inputRule(
  metadata: RuleMetadata,
  check: (fields: Field, subject: Subject) => Problem,
): ResourceRule {
  return {
    ...metadata,
    scope: "resource",
    check(subject, verdict) {
      report(verdict, subject, check(subject.fields, subject));
    },
  };
}

/** The same about each of several things in a resource; what is unknown about one leaves the others to be judged. */
export function eachRule<Item>(
  metadata: RuleMetadata,
  itemsOf: (fields: Field, subject: Subject) => readonly Item[],
  check: (item: Item) => Problem,
): ResourceRule {
  return {
    ...metadata,
    scope: "resource",
    check(subject, verdict) {
      for (const item of itemsOf(subject.fields, subject)) {
        verdict.judge(subject, () => report(verdict, subject, check(item)));
      }
    },
  };
}
