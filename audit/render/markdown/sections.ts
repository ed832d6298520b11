import type {
  AuditReport,
  FindingState,
  FrameworkCoverage,
  ReportedFinding,
  ReportedResource,
} from "../../report";
import { controlsInWords, isMandatory, shownSource, STATE_TITLES, STATES, type RuleFindings } from "../order";
import { counted, cut, grouped } from "../text";
import { code, codeBlock, prose } from "./escape";

/** How much is told: at most so many rules of a state, and findings of a rule. */
export interface Extent {
  readonly rules: number;
  readonly findings: number;
  /** Whether frameworks are told control by control. */
  readonly controls: boolean;
  readonly mends: boolean;
}

const LONGEST_MESSAGE = 600;
const LONGEST_NAME = 80;
const LONGEST_MEND = 1500;
const MOST_MESSAGES = 5;
const MOST_CONTROLS = 6;
/** Controls with rules that are off; under a profile for one framework that is most of the others'. */
const MOST_PARTLY = 10;

const more = (count: number, one: string, many: string, indent = "") =>
  count > 0 ? [`${indent}- _and ${grouped(count)} more ${count === 1 ? one : many}_`] : [];

const severity = ({ rule }: RuleFindings) => `${rule.severity}${isMandatory(rule) ? ", mandatory" : ""}`;

function findingLines(finding: ReportedFinding, resource: ReportedResource): string[] {
  const { messages, waiver } = finding;
  const where = resource.source ? ` in ${code(shownSource(resource.source))}` : "";
  const said = messages
    .slice(0, MOST_MESSAGES)
    .map((message) => prose(cut(message, LONGEST_MESSAGE)))
    .join(" ");
  return [
    `  - ${code(resource.name)} (${code(resource.type)})${where}${said && `: ${said}`}`,
    ...(messages.length > MOST_MESSAGES
      ? [`    _and ${messages.length - MOST_MESSAGES} more sentences_`]
      : []),
    ...(waiver
      ? [
          `    Waived by ${code(waiver.owner)} until ${code(waiver.expires)} (${code(waiver.ticket)}): ${prose(cut(waiver.reason, LONGEST_MESSAGE))}`,
        ]
      : []),
  ];
}

const indented = (text: string, by: string) =>
  text
    .split("\n")
    .map((line) => `${by}${line}`)
    .join("\n");

function controlLine({ rule: { controls } }: RuleFindings): string[] {
  if (controls.length === 0) return [];
  const rest = controls.length - MOST_CONTROLS;
  const named = controls
    .slice(0, MOST_CONTROLS)
    .map(({ framework, id }) => `${prose(cut(framework, LONGEST_NAME))} ${code(id)}`);
  return [`  Controls: ${named.join(", ")}${rest > 0 ? ` _and ${grouped(rest)} more_` : ""}`];
}

/** A rule with its findings of one state, the mend below where there is something to mend. */
function ruleItem(
  entry: RuleFindings,
  state: FindingState,
  { findings: most, mends }: Extent,
  resource: (urn: string) => ReportedResource,
): string[] {
  const { rule } = entry;
  const findings = entry.findings[state];
  return [
    `- **${severity(entry)}** ${code(rule.id)}: ${prose(cut(rule.title, LONGEST_MESSAGE))} (${counted(findings.length, "resource")})`,
    ...(mends && state === "fail" ? controlLine(entry) : []),
    ...findings.slice(0, most).flatMap((finding) => findingLines(finding, resource(finding.resource))),
    ...more(findings.length - most, "resource", "resources", "  "),
    ...(mends && state === "fail"
      ? [
          "",
          "  To mend it, in TypeScript:",
          "",
          indented(codeBlock(cut(rule.remediation, LONGEST_MEND), "ts"), "  "),
          "",
        ]
      : []),
  ];
}

/** All findings of one state, rule by rule. */
export function stateLines(
  entries: readonly RuleFindings[],
  state: FindingState,
  extent: Extent,
  resource: (urn: string) => ReportedResource,
): string[] {
  const concerned = entries.filter(({ findings }) => findings[state].length > 0);
  return [
    ...concerned.slice(0, extent.rules).flatMap((entry) => ruleItem(entry, state, extent, resource)),
    ...more(concerned.length - extent.rules, "rule", "rules"),
  ];
}

/** Where nothing is wrong a number for each rule says enough. */
export function countLines(
  entries: readonly RuleFindings[],
  state: FindingState,
  { rules }: Extent,
): string[] {
  const concerned = entries.filter(({ findings }) => findings[state].length > 0);
  if (concerned.length === 0) return [];
  const rest = concerned.length - rules;
  return [
    [
      ...concerned
        .slice(0, rules)
        .map(({ rule, findings }) => `${code(rule.id)} (${grouped(findings[state].length)})`),
      ...(rest > 0 ? [`_${grouped(rest)} more ${rest === 1 ? "rule" : "rules"}_`] : []),
    ].join(", "),
  ];
}

export const folded = (title: string, body: readonly string[]): string[] =>
  body.length === 0 ? [] : [`<details><summary>${title}</summary>`, "", ...body, "", "</details>", ""];

export function countTable({ summary }: AuditReport): string[] {
  return [
    `| ${STATES.map((state) => STATE_TITLES[state]).join(" | ")} |`,
    `|${STATES.map(() => "--:").join("|")}|`,
    `| ${STATES.map((state) => grouped(summary[state])).join(" | ")} |`,
    "",
  ];
}

/** Controls that are met as far as they are judged: some of their rules are off. */
function partlyLines({ controls }: FrameworkCoverage, rules: number): string[] {
  const most = Math.min(rules, MOST_PARTLY);
  const partly = controls.filter(({ state, disabled }) => state === "pass" && disabled);
  return [
    ...partly.slice(0, most).map(
      ({ id, disabled = [] }) =>
        `  - ${code(id)} passed without ${disabled
          .slice(0, MOST_CONTROLS)
          .map((rule) => code(rule))
          .join(
            ", ",
          )}${disabled.length > MOST_CONTROLS ? ", …" : ""}, which ${disabled.length === 1 ? "is" : "are"} off`,
    ),
    ...more(partly.length - most, "control", "controls", "  "),
  ];
}

export function frameworkLines({ frameworks }: AuditReport, { rules, controls }: Extent): string[] {
  return [
    ...frameworks.slice(0, rules).flatMap((coverage) => {
      const wrong = coverage.controls.filter(({ state }) => state === "fail");
      return [
        `- ${prose(cut(`${coverage.framework} ${coverage.version}`, LONGEST_MESSAGE))}: ${controlsInWords(coverage)}`,
        ...(controls
          ? wrong
              .slice(0, rules)
              .map(({ id, title }) => `  - ${code(id)} ${prose(cut(title, LONGEST_MESSAGE))}`)
          : []),
        ...(controls ? more(wrong.length - rules, "control", "controls", "  ") : []),
        ...(controls ? partlyLines(coverage, rules) : []),
      ];
    }),
    ...more(frameworks.length - rules, "framework", "frameworks"),
  ];
}
