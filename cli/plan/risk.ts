import { formatPath } from "./paths";
import { listed } from "./markup";
import { leafDeltas, type PropertyDelta } from "./property-diff";
import { severity, worst, type RiskLevel } from "./risk-level";
import { ACCESS } from "./rules/access";
import { COMPUTE } from "./rules/compute";
import { access, harmless, interruption, resolve } from "./rules/rule";
import type { Effect, KindRule, RuleTable } from "./rules/rule";
import { STORAGE } from "./rules/storage";
import { TRAFFIC } from "./rules/traffic";
import { WORKLOADS } from "./rules/workloads";
import type { Operation, ResourceChange } from "./steps";

export const RULES: RuleTable = { ...WORKLOADS, ...STORAGE, ...TRAFFIC, ...ACCESS, ...COMPUTE };

export interface Judgement {
  risk: RiskLevel;
  /** In words: "replaces the node group: `instanceTypes` changed; its pods move …". Code spans are Markdown. */
  reason: string;
  /** Each property's own part in it, in the order of the properties. */
  propertyRisks: RiskLevel[];
}

/** A type without its API version, which changes nothing: `kubernetes:apps/v1:Deployment` → `kubernetes:apps/Deployment`. */
export function kindOf(type: string): string {
  const [provider = "", module = "", ...name] = type.split(":");
  return `${provider}:${module.split("/")[0]}/${name.join(":").replace(/(?<=.)Patch$/, "")}`;
}

const VERBS: Readonly<Record<Operation, string>> = {
  create: "creates",
  update: "changes",
  replace: "replaces",
  delete: "deletes",
  import: "takes over",
};

const ACCESS_NAMES = /polic(y|ies)|\brole|principal|securityGroup|ingress|egress|cidr|permission|acl\b/i;

/** For kinds without a rule: what is unknown may carry traffic, and is never harmless to lose. */
const UNKNOWN_KIND: KindRule = {
  delete: interruption("whatever uses it loses it"),
  replace: ({ deletedFirst }) =>
    interruption(
      deletedFirst ? "it is gone until the new one is there" : "the new one is made before the old one goes",
    ),
  update: [{ path: ACCESS_NAMES, effect: access("changes who may do what") }],
};

/** Longer lists of causes or consequences are cut: all of them are among the properties. */
const MOST_NAMED = 3;

function replaceEffects(rule: KindRule, change: ResourceChange): readonly Effect[] {
  if (rule.replace) return resolve(rule.replace, change);
  return resolve(rule.delete ?? UNKNOWN_KIND.delete, change).map((lost) => {
    if (lost.risk !== "interruption") return lost;
    return change.deletedFirst
      ? interruption(`until the new one is there, ${lost.words}`)
      : interruption("the new one is made before the old one goes");
  });
}

function updateEffects(
  rule: KindRule,
  change: ResourceChange,
  deltas: readonly PropertyDelta[],
): (readonly Effect[])[] {
  const effectsAt = (delta: PropertyDelta) => {
    const path = formatPath(delta.segments.filter((segment) => typeof segment === "string"));
    const found = (rule.update ?? []).find((candidate) => candidate.path.test(path));
    return resolve(found?.effect, delta, change);
  };
  return deltas.map((delta) => leafDeltas(delta).flatMap(effectsAt));
}

/** Of an update, those of each property; of anything else, those of the operation. */
function effectsOf(
  rule: KindRule,
  change: ResourceChange,
  deltas: readonly PropertyDelta[],
): (readonly Effect[])[] {
  if (change.retained && change.op === "delete")
    return [[harmless("it stays where it is; only the state forgets it")]];
  switch (change.op) {
    case "create":
      return [resolve(rule.create, change)];
    case "import":
      return [[harmless("it is there already")]];
    case "delete":
      return [resolve(rule.delete ?? UNKNOWN_KIND.delete, change)];
    case "replace":
      return [replaceEffects(rule, change)];
    case "update":
      return updateEffects(rule, change, deltas);
  }
}

function nounOf(rule: KindRule, change: ResourceChange): string {
  if (typeof rule.noun === "function") return rule.noun(change);
  return rule.noun ?? `the ${inWords(change.type.slice(change.type.lastIndexOf(":") + 1))}`;
}

/** `RolePolicyAttachment` → "role policy attachment"; abbreviations stay as they are. */
function inWords(name: string): string {
  // A component's type is its author's text; only what is a name can stand outside of a code span.
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return "resource";
  const words = name.split(/(?<=[a-z\d])(?=[A-Z])/);
  return words.map((word) => (/^[A-Z]{2,}/.test(word) ? word : word.toLowerCase())).join(" ");
}

/** What a change may do, by the kind of its resource and the properties that differ. */
export function judge(change: ResourceChange, deltas: readonly PropertyDelta[]): Judgement {
  const rule: KindRule = change.grouping
    ? GROUPING
    : ((Object.hasOwn(RULES, kindOf(change.type)) ? RULES[kindOf(change.type)] : undefined) ?? UNKNOWN_KIND);
  const effects = effectsOf(rule, change, deltas);
  const known = effects.flat();
  const propertyRisks = deltas.map((delta, at) =>
    change.op === "update"
      ? worst((effects[at] ?? []).map((effect) => effect.risk))
      : delta.replaces
        ? worst(known.map((effect) => effect.risk))
        : "none",
  );
  const words = [
    ...new Set(known.sort((a, b) => severity(a.risk) - severity(b.risk)).map((effect) => effect.words)),
  ].slice(0, MOST_NAMED);
  const forced = deltas.filter((delta) => delta.replaces);
  const causes = (change.op === "replace" && forced.length > 0 ? forced : deltas)
    .map((delta) => ({ path: delta.path, risk: propertyRisks[deltas.indexOf(delta)]! }))
    .sort((a, b) => severity(a.risk) - severity(b.risk))
    // Of a list of plain values, the list is the cause.
    .map(({ path }) => path.replace(/\[\d+\]$/, ""));
  const cause = causes.length > 0 ? `: ${listed([...new Set(causes)], MOST_NAMED)} changed` : "";
  return {
    risk: worst(known.map((effect) => effect.risk)),
    reason: `${VERBS[change.op]} ${nounOf(rule, change)}${cause}${words.length ? `; ${words.join("; ")}` : ""}`,
    propertyRisks,
  };
}

const NOTHING_ITSELF = harmless("it only groups other resources");
const GROUPING: KindRule = { delete: NOTHING_ITSELF, replace: NOTHING_ITSELF };
