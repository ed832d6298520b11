import { groupBy } from "../../policies/model/group-by";
import { isAbout } from "../../policies/model/judge";
import { describeSubject, subjectsOf, type Subject } from "../../policies/model/subject";
import { Field } from "../../policies/model/field";
import { UNKNOWN } from "../../policies/model/unknown";
import type { Rule } from "../../policies/model/rule";
import { InputError } from "../input-error";
import type { ConfiguredRule } from "../rules";
import { NOT_ASKED, NOT_REACHED, NOT_RUN } from "../unjudged";
import type { CollectedFinding } from "./collected";
import { type EngineLog, type LoggedResource, PACK, type PolicyMessage } from "./engine-log";
import { disabled, notConfigured, notReached, nothingToJudge, PairFindings } from "./pair-findings";
import { parseUrn } from "./urn";

/** What the engine says where a rule met a value that the preview does not know: see policies/crossguard/policy.ts. */
const CANNOT_RUN = /^can't run policy '[^']*' from policy pack '[^']*' during preview: /;

/**
 * Findings from what the engine said while it worked. It names failures; what passed is told by its summaries. A rule says that
 * it does not apply where it is about other types, or lacks what it judges by, and nowhere else: another one that is about a
 * resource and in no summary was off.
 * @throws InputError where a rule spoke that this pack does not have
 */
export function judgeLog(
  rules: readonly ConfiguredRule[],
  log: EngineLog,
  stack: string,
): CollectedFinding[] {
  refuseUnknownRules(rules, log);
  const byType = new Map<string, string[]>();
  for (const { urn, type } of log.resources.values()) {
    const found = byType.get(type);
    if (found) found.push(urn);
    else byType.set(type, [urn]);
  }
  const subjects = new SubjectIndex(log.resources.values());
  // As the engine has it: what is of no resource of the stack is the stack's.
  const placed = <T extends { readonly urn: string }>(said: readonly T[]) =>
    said.map((one) => (log.resources.has(one.urn) ? one : { ...one, urn: stack }));
  const messages = groupBy(placed(log.messages), ({ rule }) => rule);
  const remediations = groupBy(placed(log.remediations), ({ rule }) => rule);
  return rules.flatMap((configured) => {
    const { rule, enforcement } = configured;
    if (enforcement === "disabled") return [disabled(rule, stack)];
    const about = [...byType].flatMap(([type, urns]) => (isAbout(rule, type) ? urns : []));
    if (about.length === 0) return [log.isWhole ? nothingToJudge(rule, stack) : notReached(rule, stack)];
    const said = messages.get(rule.id) ?? [];
    const unset = said.length === 0 ? notConfigured(configured, stack) : undefined;
    if (unset) return [unset];
    const pairs = new PairFindings(rule.id);
    if (rule.scope === "stack") stackFindings(rule, log, about, said, subjects, pairs, stack);
    else resourceFindings(rule, log, about, said, pairs);
    for (const { urn, changes } of remediations.get(rule.id) ?? []) pairs.remediated(urn, changes);
    return pairs.all();
  });
}

function refuseUnknownRules(rules: readonly ConfiguredRule[], log: EngineLog): void {
  const known = new Set(rules.map(({ rule }) => rule.id));
  const stranger = log.messages.find(({ rule }) => !known.has(rule));
  if (!stranger) return;
  throw new InputError(
    `is of another version of the pack \`${PACK}\`: it has a rule ${JSON.stringify(stranger.rule)}, which this one lacks`,
  );
}

function resourceFindings(
  rule: Rule,
  log: EngineLog,
  about: readonly string[],
  said: readonly PolicyMessage[],
  pairs: PairFindings,
): void {
  for (const { urn, text } of said) {
    for (const sentence of openSentences(text)) pairs.add(urn, "indeterminate", sentence);
    if (!CANNOT_RUN.test(text)) pairs.add(urn, "fail", failure(rule, text));
  }
  for (const urn of about) {
    const judged = log.judged.get(urn);
    if (pairs.hasTrouble(urn)) continue;
    if (judged?.has(rule.id)) pairs.judged(urn);
    else if (judged) pairs.add(urn, "indeterminate", NOT_RUN);
    else pairs.add(urn, "indeterminate", log.isWhole ? NOT_ASKED : NOT_REACHED);
  }
}

function stackFindings(
  rule: Rule,
  log: EngineLog,
  about: readonly string[],
  said: readonly PolicyMessage[],
  subjects: SubjectIndex,
  pairs: PairFindings,
  stack: string,
): void {
  let unplaced: string | undefined;
  for (const { urn, text } of said) {
    if (!CANNOT_RUN.test(text)) pairs.add(urn, "fail", failure(rule, text));
    for (const sentence of openSentences(text)) {
      const found = subjects.named(sentence);
      if (found.length === 0) pairs.add(stack, "indeterminate", (unplaced = sentence));
      for (const subject of found) pairs.add(subject, "indeterminate", sentence);
    }
  }
  for (const urn of about) {
    if (pairs.hasTrouble(urn)) continue;
    if (!log.stackJudged) pairs.add(urn, "indeterminate", NOT_REACHED);
    // Whom it is about cannot be told, so nobody can be said to pass.
    else if (unplaced !== undefined) pairs.add(urn, "indeterminate", unplaced);
    else if (log.stackJudged.has(rule.id)) pairs.judged(urn);
    else pairs.add(urn, "indeterminate", NOT_RUN);
  }
}

function openSentences(text: string): string[] {
  const match = CANNOT_RUN.exec(text);
  return match ? text.slice(match[0].length).split("\n") : [];
}

/** The SDK puts the rule's description before every violation. */
function failure({ description }: Rule, text: string): string {
  return text.startsWith(`${description}\n`) ? text.slice(description.length + 1) : text;
}

/** Which resources a rule's sentence is about: it begins with the subject, by what is known of it. */
class SubjectIndex {
  private readonly urns = new Map<string, Set<string>>();

  constructor(resources: Iterable<LoggedResource>) {
    for (const { urn, type, inputs } of resources) {
      const { name } = parseUrn(urn);
      const known = subjectsOf({ type, urn, name, props: inputs });
      // Where a provider cannot be asked yet, rules over the stack see no properties at all.
      const unknown: Subject[] = known.map((subject) => ({ ...subject, fields: new Field(UNKNOWN) }));
      for (const subject of [...known, ...unknown]) this.add(describeSubject(subject), urn);
    }
  }

  private add(description: string, urn: string): void {
    const found = this.urns.get(description);
    if (found) found.add(urn);
    else this.urns.set(description, new Set([urn]));
  }

  named(sentence: string): string[] {
    const end = sentence.indexOf("` ");
    return end < 0 ? [] : [...(this.urns.get(sentence.slice(0, end + 1)) ?? [])];
  }
}
