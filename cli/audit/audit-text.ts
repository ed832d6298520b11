import type { Colors } from "picocolors/types";
import { outcomeOf } from "../../audit/outcome";
import {
  isMandatory,
  resourcesOf,
  SEVERITIES,
  shownSource,
  STATE_TITLES,
  STATES,
  unknownInWords,
} from "../../audit/render/order";
import type { AuditReport, FindingState, ReportedFinding, ReportedRule } from "../../audit/report";
import { plainText } from "../../rollout/record/plain-text";
import { plainTable } from "../plain-table";

/** Failures that are listed; the rest is in the files. */
const SHOWN = 20;

const MODES = { preview: "what an update would make", update: "an update", state: "the state" } as const;

/** The report in short for a terminal: mandatory failures, waivers that do not hold, counts, where the files are. */
export function renderAuditText(
  report: AuditReport,
  files: readonly string[],
  waiversFile: string | undefined,
  colors: Colors,
): string {
  const { subject, pack, asOf, resources, rules } = report;
  const heading = `Audit of ${plainText(`${subject.project}/${subject.stack}`)}, ${MODES[subject.mode]}, as of ${asOf}`;
  const scope = `${resources.length} resources, ${rules.length} rules of ${pack.name} ${pack.version}`;
  return [
    `${colors.bold(heading)}\n${colors.dim(scope)}`,
    failures(report, colors),
    problems(report, waiversFile, colors),
    counts(report, colors),
    open(report, colors),
    files.length > 0 ? `Reports:\n${files.map((file) => `  ${file}`).join("\n")}` : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function failures(report: AuditReport, colors: Colors): string {
  const rules = new Map(report.rules.filter(isMandatory).map((rule) => [rule.id, rule]));
  const severity = ({ rule }: ReportedFinding) => SEVERITIES.indexOf(rules.get(rule)!.severity);
  const found = report.findings
    .filter(({ rule, state }) => state === "fail" && rules.has(rule))
    .sort((a, b) => severity(a) - severity(b));
  if (found.length === 0) return "";
  const resource = resourcesOf(report);
  const entries = found.slice(0, SHOWN).map((finding) => {
    const { name, type, component, source } = resource(finding.resource);
    const rule: ReportedRule = rules.get(finding.rule)!;
    const where = [
      plainText(`${type} ${name}`),
      ...(component === undefined ? [] : [`in ${plainText(component)}`]),
      ...(source ? [plainText(shownSource(source))] : []),
    ].join(", ");
    const sentences = finding.messages.map((message) => `    ${plainText(message)}`);
    return [`  ${colors.red(`${rule.severity} ${rule.id}`)}`, ...sentences, `    ${colors.dim(where)}`].join(
      "\n",
    );
  });
  const rest = found.length - entries.length;
  const more = rest > 0 ? `\n  … and ${rest} more` : "";
  return `${colors.red(colors.bold(`Mandatory controls that fail: ${found.length}`))}\n${entries.join("\n")}${more}`;
}

function problems(
  { waiverProblems = [] }: AuditReport,
  waiversFile: string | undefined,
  colors: Colors,
): string {
  if (waiverProblems.length === 0) return "";
  const lines = waiverProblems.map(
    ({ line, message }) => `  ${waiversFile ?? "waivers"}:${line}: ${plainText(message)}`,
  );
  return `${colors.red(colors.bold(`Waivers that do not hold: ${lines.length}`))}\n${lines.join("\n")}`;
}

/** Whose number decides, beside the number of all. */
const MANDATORY: Partial<Record<FindingState, (summary: AuditReport["summary"]) => number>> = {
  fail: ({ mandatoryFailures }) => mandatoryFailures,
  indeterminate: ({ mandatoryIndeterminate }) => mandatoryIndeterminate,
};

/** The command ends well, and that must not be read as more than it is. */
function open(report: AuditReport, colors: Colors): string {
  return outcomeOf(report) === "open" ? colors.yellow(unknownInWords(report.summary)) : "";
}

function counts({ summary }: AuditReport, colors: Colors): string {
  const paint: Readonly<Record<FindingState, (text: string) => string>> = {
    fail: colors.red,
    indeterminate: colors.yellow,
    waived: colors.cyan,
    pass: colors.green,
    "not-applicable": colors.dim,
  };
  const rows = STATES.map((state) => {
    const count = summary[state];
    const mandatory = MANDATORY[state]?.(summary);
    const note = mandatory === undefined || count === 0 ? "" : `${mandatory} of them mandatory`;
    const title = STATE_TITLES[state];
    return [count > 0 ? paint[state](title) : title, String(count), colors.dim(note)];
  });
  return plainTable(rows, ["left", "right", "left"]).join("\n");
}
