import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";
import type { Subject } from "./subject";

/** A rule about the inputs of one resource: what is wrong, if anything, as the end of a sentence about it. */
export function inputRule(
  metadata: RuleMetadata,
  check: (fields: Field, subject: Subject) => string | undefined,
): ResourceRule {
  return {
    ...metadata,
    scope: "resource",
    check(subject, verdict) {
      const problem = check(subject.fields, subject);
      if (problem !== undefined) verdict.fail(subject, problem);
    },
  };
}

/** The same about each of several things in a resource; what is unknown about one leaves the others to be judged. */
export function eachRule<Item>(
  metadata: RuleMetadata,
  itemsOf: (fields: Field, subject: Subject) => readonly Item[],
  check: (item: Item) => string | undefined,
): ResourceRule {
  return {
    ...metadata,
    scope: "resource",
    check(subject, verdict) {
      for (const item of itemsOf(subject.fields, subject)) {
        verdict.judge(subject, () => {
          const problem = check(item);
          if (problem !== undefined) verdict.fail(subject, problem);
        });
      }
    },
  };
}
