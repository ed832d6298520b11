import type { ResourceRule, RuleConfig, RuleMetadata, StackRule } from "./rule";
import type { StackView } from "./stack-view";
import { type DeclaredResource, itemType, subjectsOf } from "./subject";
import { matchesType } from "./type-pattern";
import { type Finding, Verdict } from "./verdict";

/** Whether a rule is about resources of this type, or about the items of such a list. */
export function isAbout(rule: RuleMetadata, type: string): boolean {
  return matchesType(itemType(type), rule.types);
}

/** What a rule finds in a resource that it is about; each item of a Kubernetes list is judged for itself. */
export function judgeResource(
  rule: ResourceRule,
  resource: DeclaredResource,
  config: RuleConfig,
): readonly Finding[] {
  const verdict = new Verdict();
  for (const subject of subjectsOf(resource)) {
    verdict.judge(subject, () => rule.check(subject, verdict, config));
  }
  return verdict.findings;
}

/** What a rule finds in a stack that has resources it is about. */
export function judgeStack(rule: StackRule, stack: StackView, config: RuleConfig): readonly Finding[] {
  const verdict = new Verdict();
  rule.check(stack, verdict, config);
  return verdict.findings;
}
