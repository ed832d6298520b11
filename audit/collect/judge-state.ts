import { isAbout, judgeResource, judgeStack } from "../../policies/model/judge";
import { StackView } from "../../policies/model/stack-view";
import { itemType } from "../../policies/model/subject";
import type { Finding } from "../../policies/model/verdict";
import type { ConfiguredRule } from "../rules";
import type { CollectedFinding } from "./collected";
import type { StateResource } from "./read-state";
import { disabled, notConfigured, nothingToJudge, PairFindings } from "./pair-findings";

/**
 * Judges resources the way the engine would have the pack do it. Every resource that a rule is about gets a finding; a rule
 * that is about none gets one, on the stack. Linear in the resources.
 * @param stack URN for what is said of the stack as a whole
 */
export function judgeState(
  rules: readonly ConfiguredRule[],
  resources: readonly StateResource[],
  stack: string,
): CollectedFinding[] {
  const byType = new Map<string, StateResource[]>();
  for (const resource of resources) {
    const type = itemType(resource.type);
    const found = byType.get(type);
    if (found) found.push(resource);
    else byType.set(type, [resource]);
  }
  let view: StackView | undefined;
  const wholeStack = () => (view ??= stackView(resources));
  return rules.flatMap((configured) => {
    const { rule, enforcement } = configured;
    if (enforcement === "disabled") return [disabled(rule, stack)];
    const judged = [...byType].flatMap(([type, found]) => (isAbout(rule, type) ? found : []));
    if (judged.length === 0) return [nothingToJudge(rule, stack)];
    const unset = notConfigured(configured, stack);
    return unset ? [unset] : findingsOf(configured, judged, wholeStack);
  });
}

function stackView(resources: readonly StateResource[]): StackView {
  return new StackView(resources.map((resource) => ({ ...resource, props: resource.outputs })));
}

function findingsOf(
  { rule, config }: ConfiguredRule,
  judged: readonly StateResource[],
  view: () => StackView,
): CollectedFinding[] {
  const pairs = new PairFindings(rule.id);
  const urns = judged.map(({ urn }) => urn);
  for (const urn of urns) pairs.judged(urn);
  if (rule.scope === "stack") {
    record(pairs, urns, () => judgeStack(rule, view(), config));
  } else {
    for (const resource of judged) {
      const { urn, type, name, inputs } = resource;
      record(pairs, [urn], () => judgeResource(rule, { urn, type, name, props: inputs }, config));
    }
  }
  return pairs.all();
}

/** A rule that breaks down has judged nothing of what it was about; that must not pass for a pass. */
function record(pairs: PairFindings, urns: readonly string[], judge: () => readonly Finding[]): void {
  let findings;
  try {
    findings = judge();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    for (const urn of urns) pairs.add(urn, "indeterminate", `The rule broke down: ${why}`);
    return;
  }
  for (const finding of findings) pairs.add(finding.urn, finding.state, sentence(finding));
}

/** All that a state does not tell is its secrets. */
const sentence = ({ state, message }: Finding): string =>
  state === "indeterminate"
    ? message.replace(/ is not known yet\.$/, " is not known: it is a secret, or the provider left it out.")
    : message;
