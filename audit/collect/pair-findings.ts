import type { Rule } from "../../policies/model/rule";
import { compareText } from "../render/order";
import type { ConfiguredRule } from "../rules";
import { NOT_REACHED } from "../unjudged";
import type { CollectedFinding } from "./collected";

type Trouble = "fail" | "indeterminate";

interface Pair {
  readonly fail: Set<string>;
  readonly indeterminate: Set<string>;
  remediated?: CollectedFinding["remediated"];
}

/** Gathers what one rule found on each resource. A resource that was judged without trouble passes. */
export class PairFindings {
  private readonly pairs = new Map<string, Pair>();

  constructor(private readonly rule: string) {}

  judged(urn: string): void {
    this.pair(urn);
  }

  add(urn: string, state: Trouble, message: string): void {
    this.pair(urn)[state].add(message);
  }

  remediated(urn: string, changes: NonNullable<CollectedFinding["remediated"]>): void {
    this.pair(urn).remediated = changes;
  }

  hasTrouble(urn: string): boolean {
    const { fail, indeterminate } = this.pair(urn);
    return fail.size + indeterminate.size > 0;
  }

  all(): CollectedFinding[] {
    return [...this.pairs].map(([resource, pair]) => ({
      rule: this.rule,
      resource,
      ...verdict(pair),
      ...(pair.remediated && { remediated: pair.remediated }),
    }));
  }

  private pair(urn: string): Pair {
    let pair = this.pairs.get(urn);
    if (!pair) this.pairs.set(urn, (pair = { fail: new Set(), indeterminate: new Set() }));
    return pair;
  }
}

/** The engine hands over resources in any order; the report has one. */
function verdict({ fail, indeterminate }: Pair): Pick<CollectedFinding, "state" | "messages"> {
  const sorted = (messages: Set<string>) => [...messages].sort(compareText);
  if (fail.size > 0) return { state: "fail", messages: [...sorted(fail), ...sorted(indeterminate)] };
  if (indeterminate.size > 0) return { state: "indeterminate", messages: sorted(indeterminate) };
  return { state: "pass", messages: [] };
}

/** One for the whole stack: one for each resource of another type would bury the rest. */
export function nothingToJudge({ id, types }: Rule, stack: string): CollectedFinding {
  return notApplicable(id, stack, `The stack has no resource that the rule is about: ${types.join(", ")}.`);
}

/** What the operation had not come to when it ended may yet have such resources. */
export function notReached({ id }: Rule, stack: string): CollectedFinding {
  return { rule: id, resource: stack, state: "indeterminate", messages: [NOT_REACHED] };
}

export function disabled({ id }: Rule, stack: string): CollectedFinding {
  return notApplicable(id, stack, "The policy configuration disables the rule.");
}

/** A rule that lacks what it judges by: see `RuleMetadata.notApplicable`. */
export function notConfigured({ rule, config }: ConfiguredRule, stack: string): CollectedFinding | undefined {
  const reason = rule.notApplicable?.(config);
  return reason === undefined ? undefined : notApplicable(rule.id, stack, reason);
}

function notApplicable(rule: string, resource: string, reason: string): CollectedFinding {
  return { rule, resource, state: "not-applicable", messages: [reason] };
}
