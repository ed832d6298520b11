import type { EnforcementLevel } from "@pulumi/policy";

/** What a rule said. A rule that holds says nothing. */
export interface Outcome {
  readonly rule: string;
  readonly enforcement: EnforcementLevel;
  readonly state: "fail" | "indeterminate" | "not-applicable";
  readonly message: string;
  /** The resource at fault; undefined where the policy SDK does not name one. */
  readonly urn?: string | undefined;
}

/** What was asked of the resources, which the outcomes alone do not tell: what passes says nothing. */
export interface Asked {
  /** URNs of all the resources. */
  readonly resources: readonly string[];
  /** By rule: the URNs of the resources that it judged, all of them where it judged the stack. */
  readonly judged: ReadonlyMap<string, ReadonlySet<string>>;
  readonly disabled: ReadonlySet<string>;
}

// Beside the outcomes and not in them, so that they can be compared with a plain list.
const known = new WeakMap<readonly Outcome[], Asked>();

/** Keeps what was asked, for the assertions. */
export function answering(asked: Asked, outcomes: Outcome[]): Outcome[] {
  known.set(outcomes, asked);
  return outcomes;
}

/** What the outcomes are an answer to. */
export function askedFor(outcomes: readonly Outcome[]): Asked {
  const asked = known.get(outcomes);
  if (!asked)
    throw new TypeError(
      "`outcomes` must be the very list that `runPack`, `runRule` or `runPolicy` gave: a copy of it does not tell what passed.",
    );
  return asked;
}
