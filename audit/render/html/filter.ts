import type { Severity } from "@pulumi/policy";
import type { FindingState, ReportedFinding, ReportedRule } from "../../report";
import {
  compareRules,
  none,
  resourcesOf,
  rulesWorstFirst,
  SEVERITIES,
  STATE_TITLES,
  STATES,
  type RuleFindings,
} from "../order";
import { shownText } from "../text";
import type { Judged } from "./compact";

/** What a reader wants to see. An empty text or list wants everything. */
export interface Filter {
  readonly states: readonly FindingState[];
  readonly severities: readonly Severity[];
  /** As `frameworkName` writes it. */
  readonly framework: string;
  /** The number of a control, with `framework`. */
  readonly control: string;
  readonly component: string;
  readonly rule: string;
  /** Part of a resource's name, type or URN. */
  readonly resource: string;
  /** Words, each of which is in the rule, its controls, the resource or what was found. */
  readonly text: string;
}

/** Parts of a filter that are one text. */
export const WORDS = ["framework", "control", "component", "rule", "resource", "text"] as const;

export const EVERYTHING: Filter = {
  states: [],
  severities: [],
  framework: "",
  control: "",
  component: "",
  rule: "",
  resource: "",
  text: "",
};

export const frameworkName = ({ framework, version }: { framework: string; version: string }): string =>
  `${framework} ${version}`;

/** At the top of a stack there is no component; the choice needs a name all the same. */
export const NO_COMPONENT = "(none)";

const lower = (parts: readonly (string | undefined)[]) => parts.filter(Boolean).join("\n").toLowerCase();

const ruleText = ({ id, title, description, remediation, controls }: ReportedRule) =>
  lower([id, title, description, remediation, ...controls.flatMap((c) => [frameworkName(c), c.id, c.title])]);

const ofRule = (rule: ReportedRule, { severities, framework, control, rule: id }: Filter): boolean =>
  (severities.length === 0 || severities.includes(rule.severity)) &&
  (id === "" || rule.id === id) &&
  (framework === "" ||
    rule.controls.some((c) => frameworkName(c) === framework && (control === "" || c.id === control)));

/** Prepares texts once, so that a filter over a hundred thousand findings is one pass. */
export function finder(judged: Judged): (filter: Filter) => RuleFindings[] {
  const all = rulesWorstFirst(judged);
  const lookUp = resourcesOf(judged);
  const ruleTexts = new Map(all.map(({ rule }) => [rule.id, ruleText(rule)]));
  const resources = new Map<string, { component: string; named: string; text: string }>();
  for (const { resource: urn } of judged.findings) {
    if (resources.has(urn)) continue;
    const { type, name, component, source } = lookUp(urn);
    const named = lower([urn, type, name]);
    resources.set(urn, {
      component: component ?? NO_COMPONENT,
      named,
      text: lower([named, component, source?.file]),
    });
  }

  return (filter) => {
    const part = filter.resource.trim().toLowerCase();
    const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    const states = filter.states.length === 0 ? STATES : filter.states;
    const wanted = (finding: ReportedFinding, left: readonly string[]) => {
      const resource = resources.get(finding.resource)!;
      if (filter.component !== "" && resource.component !== filter.component) return false;
      if (part !== "" && !resource.named.includes(part)) return false;
      const missing = left.filter((word) => !resource.text.includes(word));
      if (missing.length === 0) return true;
      const said = lower([
        ...finding.messages,
        ...(finding.waiver ? [finding.waiver.owner, finding.waiver.ticket, finding.waiver.reason] : []),
      ]);
      return missing.every((word) => said.includes(word));
    };
    return all
      .filter(({ rule }) => ofRule(rule, filter))
      .map(({ rule, findings }) => {
        const left = words.filter((word) => !ruleTexts.get(rule.id)!.includes(word));
        const found = none();
        for (const state of states) found[state] = findings[state].filter((one) => wanted(one, left));
        return { rule, findings: found, worst: STATES.find((state) => found[state].length > 0) };
      })
      .filter(({ worst }) => worst !== undefined)
      .sort(compareRules);
  };
}

/** "state: failed; severity: critical, high", for paper, which has no form to look at. */
export function filterInWords(filter: Filter): string {
  const parts = [
    ["state", filter.states.map((state) => STATE_TITLES[state].toLowerCase()).join(", ")],
    ["severity", filter.severities.join(", ")],
    ...WORDS.map((name) => [name, filter[name]] as const),
  ] as const;
  return parts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${shownText(value)}`)
    .join("; ");
}

const LISTS = { states: STATES, severities: SEVERITIES } as const;

/** For the address of the page, so that what one sees can be handed on. */
export function filterToHash(filter: Filter): string {
  const parameters = new URLSearchParams();
  for (const name of ["states", "severities"] as const) {
    if (filter[name].length > 0) parameters.set(name, filter[name].join(","));
  }
  for (const name of WORDS) if (filter[name] !== "") parameters.set(name, filter[name]);
  return parameters.toString();
}

export function filterFromHash(hash: string): Filter {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const list = <T extends string>(name: string, known: readonly T[]) => {
    const given = (parameters.get(name) ?? "").split(",");
    return known.filter((value) => given.includes(value));
  };
  return {
    states: list("states", LISTS.states),
    severities: list("severities", LISTS.severities),
    ...(Object.fromEntries(WORDS.map((name) => [name, parameters.get(name) ?? ""])) as Record<
      (typeof WORDS)[number],
      string
    >),
  };
}
