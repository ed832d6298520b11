import { nameOf } from "../engine/events";
import { code, cut } from "./markup";
import { compareText } from "./paths";
import { CAPACITY_TITLES, resourceTitle } from "./render-text";
import { RISK_TITLES, type RiskLevel } from "./risk-level";
import type { Finding, Plan, PlannedChange } from "./schema";

/** How much of a risk level is told. */
export const FOLDS = ["whole", "without properties", "counts by type"] as const;
export type Fold = (typeof FOLDS)[number];

const MOST_PROPERTIES = 20;
const MOST_FINDINGS_BESIDE = 5;
const LONGEST_NAME = 160;
const LONGEST_MESSAGE = 400;

type Property = Plan["drift"][number]["properties"][number];

const name = (text: string) => code(cut(text, LONGEST_NAME));
const value = (shown: Property["from"]) => (shown === undefined ? "_none_" : code(String(shown)));
const more = (count: number, what: string, indent = "") =>
  count > 0 ? [`${indent}- _and ${count} more ${what}_`] : [];

function properties(list: readonly Property[]): string[] {
  return [
    ...list
      .slice(0, MOST_PROPERTIES)
      .map(
        ({ path, from, to, replaces }) =>
          `  - ${name(path)}: ${value(from)} → ${value(to)}${replaces ? " (cannot be changed in place)" : ""}`,
      ),
    ...more(list.length - MOST_PROPERTIES, "properties", "  "),
  ];
}

const findingText = ({ policy, message, mandatory }: Finding) =>
  `**${mandatory ? "mandatory" : "advisory"}** ${name(policy)}: ${code(cut(message, LONGEST_MESSAGE))}`;

function item(change: PlannedChange, fold: Fold): string[] {
  const { op, type, name: own, reason, findings } = change;
  return [
    `- **${op}** ${name(type)} ${name(own)}: ${reason}`,
    ...(fold === "whole" ? properties(change.properties) : []),
    ...findings.slice(0, MOST_FINDINGS_BESIDE).map((finding) => `  - ${findingText(finding)}`),
    ...more(findings.length - MOST_FINDINGS_BESIDE, "findings", "  "),
  ];
}

function countsByType(changes: readonly PlannedChange[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const { op, type } of changes) {
    const key = `**${op}** ${name(type)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const lines = [...counts].sort(([a, x], [b, y]) => y - x || compareText(a, b));
  return [
    ...lines.slice(0, most).map(([key, count]) => `- ${key}: ${count}`),
    ...more(lines.length - most, "types"),
  ];
}

/** The changes of one risk level, folded away unless they lose data or interrupt traffic. */
export function levelSection(plan: Plan, level: RiskLevel, fold: Fold, most: number): string[] {
  const changes = plan.changes.filter(({ risk }) => risk === level);
  if (changes.length === 0) return [];
  const open = level === "data-loss" || level === "interruption" ? " open" : "";
  return [
    `<details${open}><summary>${RISK_TITLES[level]} (${changes.length})</summary>`,
    "",
    ...(fold === "counts by type"
      ? countsByType(changes, most)
      : changes.flatMap((change) => item(change, fold))),
    "",
    "</details>",
    "",
  ];
}

/** Findings that stand beside no change, and those beside changes that are only counted. */
export function findingsSection(findings: readonly Finding[], most: number): string[] {
  if (findings.length === 0) return [];
  return [
    `### Policy findings (${findings.length})`,
    "",
    ...findings
      .slice(0, most)
      .map((finding) => `- ${findingText(finding)}${finding.urn ? ` on ${name(nameOf(finding.urn))}` : ""}`),
    ...more(findings.length - most, "findings"),
    "",
  ];
}

export function driftSection(plan: Plan, fold: Fold, most: number): string[] {
  if (plan.drift.length === 0) return [];
  return [
    `### Changed by hand (${plan.drift.length})`,
    "",
    ...plan.drift
      .slice(0, most)
      .flatMap(({ op, type, name: own, by, ...drift }) => [
        `- **${op === "delete" ? "gone" : "changed"}** ${name(type)} ${name(own)}${by.length > 0 ? ` by ${code(cut(by.join("; "), LONGEST_NAME))}` : ""}`,
        ...(fold === "whole" ? properties(drift.properties) : []),
      ]),
    ...more(plan.drift.length - most, "resources"),
    "",
  ];
}

export function capacitySection(plan: Plan, most: number): string[] {
  if (plan.capacity.length === 0) return [];
  return [
    "| GPUs and cores | before | after |",
    "|---|--:|--:|",
    ...plan.capacity
      .slice(0, most)
      .map(
        ({ of, resource, before, after }) =>
          `| ${CAPACITY_TITLES[of]} ${resource === "cpu" ? resourceTitle(resource) : name(resource)} | ${before} | ${after} |`,
      ),
    "",
  ];
}
