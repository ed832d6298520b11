import pc from "picocolors";
import { describeChanges, nameOf, type Outcome, type Violation } from "./engine/events";

export interface PlannedChange {
  /** create, update, replace or delete. */
  op: string;
  type: string;
  name: string;
  urn: string;
}

/** What a preview says, for people and for machines. */
export interface Plan {
  profile: string;
  /** In the engine's words, e.g. "61 to create". */
  summary: string;
  changes: PlannedChange[];
  violations: Violation[];
}

export function planOf(profile: string, outcome: Outcome): Plan {
  return {
    profile,
    summary: describeChanges(outcome.changes),
    changes: outcome.steps
      .filter(({ op }) => op !== "same" && op !== "read" && op !== "refresh")
      .map(({ op, type, urn }) => ({ op, type, name: nameOf(urn), urn })),
    violations: outcome.violations,
  };
}

const SIGNS: Record<string, string> = {
  create: pc.green("+"),
  update: pc.yellow("~"),
  delete: pc.red("-"),
  replace: pc.magenta("±"),
};

export function renderText(plan: Plan): string {
  return [
    ...plan.changes.map(({ op, type, name }) => `${SIGNS[op] ?? op} ${type} ${pc.bold(name)}`),
    ...plan.violations.map((v) => `${pc.yellow("advisory")} ${v.policy}: ${nameOf(v.urn)}: ${v.message}`),
    `${plan.profile}: ${plan.summary}`,
  ].join("\n");
}

/** A name is somebody's input: nothing in it may end the code span that it stands in. */
const code = (text: string) => `\`${text.replace(/[`\r\n|]/g, " ")}\``;

export function renderMarkdown(plan: Plan): string {
  const rows = plan.changes.map(({ op, type, name }) => `| ${op} | ${code(type)} | ${code(name)} |`);
  const findings = plan.violations.map(
    (v) => `- ${code(v.policy)} on ${code(nameOf(v.urn))}: ${code(v.message)}`,
  );
  return [
    `## Preview of ${code(plan.profile)}: ${plan.summary}`,
    "",
    ...(findings.length ? ["### Policy findings", "", ...findings, ""] : []),
    ...(rows.length ? ["| change | type | name |", "|---|---|---|", ...rows] : ["Nothing changes."]),
    "",
  ].join("\n");
}
