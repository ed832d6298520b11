import { outcomeOf } from "../../outcome";
import type { AuditReport } from "../../report";
import { resourcesOf, rulesWorstFirst, STATE_TITLES } from "../order";
import { counted, cut, grouped } from "../text";
import { code, prose } from "./escape";
import { countLines, countTable, folded, frameworkLines, stateLines, type Extent } from "./sections";

/** A pull-request comment of GitHub's takes 65,536 characters; what posts it may put a line of its own before. */
export const MARKDOWN_LIMIT = 65_000;

/** From as much as a reader of a pull request can use to next to nothing; the last is sure to fit. */
const EXTENTS: readonly Extent[] = [
  { rules: 200, findings: 10, controls: true, mends: true },
  { rules: 100, findings: 5, controls: true, mends: true },
  { rules: 40, findings: 3, controls: false, mends: true },
  { rules: 40, findings: 3, controls: false, mends: false },
  { rules: 20, findings: 2, controls: false, mends: false },
  { rules: 8, findings: 1, controls: false, mends: false },
  { rules: 3, findings: 1, controls: false, mends: false },
  { rules: 0, findings: 0, controls: false, mends: false },
];

/** Failing rules that are told at once; those after them are folded away, the worst stand first. */
const RULES_AT_ONCE = 10;

/** Rules that applied to nothing are named up to this number: they ask nothing of anybody. */
const MOST_UNAPPLIED = 40;

const MOST_PROBLEMS = 20;
const LONGEST_PROBLEM = 300;

function verdict(report: AuditReport): string {
  const { summary, waiverProblems = [] } = report;
  if (summary.mandatoryFailures > 0) return counted(summary.mandatoryFailures, "mandatory failure");
  if (waiverProblems.length > 0) return `${counted(waiverProblems.length, "waiver")} not valid`;
  if (summary.mandatoryUnjudged > 0) {
    return `${counted(summary.mandatoryUnjudged, "mandatory finding")} not judged by the run`;
  }
  if (summary.mandatoryIndeterminate > 0) {
    const unknown = `${counted(summary.mandatoryIndeterminate, "mandatory finding")} not known`;
    return outcomeOf(report) === "failed" ? unknown : `no mandatory failure; ${unknown}`;
  }
  if (summary.fail > 0) return `no mandatory failure, ${grouped(summary.fail)} advisory`;
  return "no failure";
}

function waiverLines({ waiverProblems = [] }: AuditReport): string[] {
  if (waiverProblems.length === 0) return [];
  const rest = waiverProblems.length - MOST_PROBLEMS;
  return [
    `### Waivers that do not hold (${grouped(waiverProblems.length)})`,
    "",
    ...waiverProblems
      .slice(0, MOST_PROBLEMS)
      .map(({ line, message }) => `- line ${line}: ${prose(cut(message, LONGEST_PROBLEM))}`),
    ...(rest > 0 ? [`- _and ${grouped(rest)} more_`] : []),
    "",
  ];
}

const DONE = { preview: "a preview would make", update: "an update made", state: "a state holds" } as const;

function inputLines({ pack, profiles, terms, inputs }: AuditReport): string[] {
  return [
    `- policy pack ${code(pack.name)} ${code(pack.version)}: ${code(pack.sha256)}`,
    `- profiles of the pack: ${profiles
      .slice(0, 20)
      .map((name) => code(name))
      .join(", ")}`,
    `- waivers of at most ${counted(terms.maxWaiverDays, "day")}; what is not known of a mandatory rule ${terms.failOnIndeterminate ? "fails" : "does not fail"} the audit`,
    ...inputs.slice(0, 20).map(({ kind, name, sha256 }) => `- ${code(kind)} ${code(name)}: ${code(sha256)}`),
  ];
}

function leftOut({ rules, findings, controls, mends }: Extent): string[] {
  const parts = [
    `rules beyond ${rules} of a state`,
    `resources beyond ${findings} of a rule`,
    ...(mends ? [] : ["how to mend them"]),
    ...(controls ? [] : ["the controls of the frameworks"]),
  ];
  return [`_Left out to fit a comment: ${parts.join("; ")}. The HTML and JSON reports have all of it._`, ""];
}

function compose(report: AuditReport, extent: Extent): string {
  const { subject, summary } = report;
  const entries = rulesWorstFirst(report);
  const resource = resourcesOf(report);
  const failing = entries.filter(({ findings }) => findings.fail.length > 0);
  const failures = stateLines(failing.slice(0, RULES_AT_ONCE), "fail", extent, resource);
  const further = failing.slice(RULES_AT_ONCE);
  return [
    `## Audit of ${code(`${subject.project}/${subject.stack}`)}: ${verdict(report)}`,
    "",
    `What ${DONE[subject.mode]}, as of ${code(report.asOf)}: ${counted(report.rules.length, "rule")}, ${counted(report.resources.length, "resource")}.`,
    "",
    ...countTable(report),
    ...waiverLines(report),
    ...(failures.length > 0 ? [`### Failed (${grouped(summary.fail)})`, "", ...failures, ""] : []),
    ...folded(
      `${counted(further.length, "more rule")} failed`,
      stateLines(further, "fail", { ...extent, rules: Math.max(0, extent.rules - RULES_AT_ONCE) }, resource),
    ),
    ...folded(
      `${STATE_TITLES.indeterminate} (${grouped(summary.indeterminate)}): not known, or not judged`,
      stateLines(entries, "indeterminate", extent, resource),
    ),
    ...folded(
      `${STATE_TITLES.waived} (${grouped(summary.waived)})`,
      stateLines(entries, "waived", extent, resource),
    ),
    ...folded("Frameworks", frameworkLines(report, extent)),
    ...folded(`${STATE_TITLES.pass} (${grouped(summary.pass)})`, countLines(entries, "pass", extent)),
    ...folded(
      `${STATE_TITLES["not-applicable"]} (${grouped(summary["not-applicable"])})`,
      countLines(entries, "not-applicable", { ...extent, rules: Math.min(extent.rules, MOST_UNAPPLIED) }),
    ),
    ...folded("Inputs and their SHA-256", inputLines(report)),
    ...(extent === EXTENTS[0] ? [] : leftOut(extent)),
  ].join("\n");
}

/** For a pull request: what failed first, the rest folded away, never longer than `MARKDOWN_LIMIT`. */
export function renderMarkdown(report: AuditReport): string {
  let text = "";
  for (const extent of EXTENTS) {
    text = compose(report, extent);
    if (text.length <= MARKDOWN_LIMIT) return text;
  }
  return text;
}
