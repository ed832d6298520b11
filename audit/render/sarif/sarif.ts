import type { Log, Notification, Run } from "sarif";
import type { AuditReport } from "../../report";
import {
  resourcesOf,
  rulesWorstFirst,
  STATES,
  STATE_TITLES,
  unknownInWords,
  type RuleFindings,
} from "../order";
import { counted, grouped, shownText } from "../text";
import { messageText } from "./message";
import { PROJECT_ROOT, resultOf } from "./results";
import { descriptorOf } from "./rules";
import { taxonomiesOf } from "./taxonomies";

/** GitHub takes no more results of a run, and shows the first 5,000 by severity: the worst stand first. */
export const MOST_RESULTS = 25_000;

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** By state over all rules, so that what is left out is the least of it. */
const findingsWorstFirst = (entries: readonly RuleFindings[]) =>
  STATES.flatMap((state) => entries.flatMap(({ findings }) => findings[state]));

function leftOut(all: AuditReport["findings"], most: number): Notification[] {
  const rest = all.slice(most);
  if (rest.length === 0) return [];
  const parts = STATES.flatMap((state) => {
    const count = rest.filter((finding) => finding.state === state).length;
    return count > 0 ? [`${STATE_TITLES[state].toLowerCase()}: ${count}`] : [];
  });
  const text = `${counted(rest.length, "result")} left out, because code scanning takes ${grouped(most)} of a run (${parts.join(", ")}). report.json has all of them.`;
  return [{ level: "warning", message: { text: messageText(text) } }];
}

const waiverProblems = ({ waiverProblems = [] }: AuditReport): Notification[] =>
  waiverProblems.map(({ line, message }) => ({
    level: "error",
    message: { text: messageText(`Line ${line} of the waivers: ${message}`) },
  }));

/** No result of a run is an alert that says what was not judged: a log without any would look like a stack without faults. */
function unknown({ summary, terms }: AuditReport): Notification[] {
  const { mandatoryFailures, mandatoryIndeterminate, mandatoryUnjudged } = summary;
  if (mandatoryIndeterminate === 0) return [];
  const count = counted(mandatoryIndeterminate, "mandatory finding");
  const text = mandatoryFailures > 0 ? `${count} not known.` : unknownInWords(summary);
  const unjudged =
    mandatoryUnjudged > 0 ? ` The run did not judge ${grouped(mandatoryUnjudged)} of them.` : "";
  const fails = mandatoryUnjudged > 0 || terms.failOnIndeterminate;
  return [{ level: fails ? "error" : "warning", message: { text: messageText(`${text}${unjudged}`) } }];
}

function runOf(report: AuditReport, mostResults: number): Run {
  const taxonomies = taxonomiesOf(report);
  const entries = rulesWorstFirst(report);
  const places = new Map(entries.map(({ rule }, index) => [rule.id, { rule, index }]));
  const resource = resourcesOf(report);
  const findings = findingsWorstFirst(entries);
  const { project, stack, mode } = report.subject;
  return {
    tool: {
      driver: {
        name: "Slipway audit",
        version: report.pack.version,
        rules: entries.map(({ rule }) => descriptorOf(rule, taxonomies)),
        supportedTaxonomies: taxonomies.components.map(({ name }, index) => ({ name, index })),
        properties: { pack: report.pack },
      },
    },
    // A stack's results replace that stack's only.
    automationDetails: { id: shownText(`slipway-audit/${project}/${stack}/`) },
    taxonomies: taxonomies.components,
    originalUriBaseIds: { [PROJECT_ROOT]: { description: { text: "The folder of the Pulumi project." } } },
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          ...waiverProblems(report),
          ...leftOut(findings, mostResults),
          ...unknown(report),
        ],
      },
    ],
    columnKind: "utf16CodeUnits",
    results: findings
      .slice(0, mostResults)
      .map((finding) => resultOf(finding, resource(finding.resource), places.get(finding.rule)!)),
    properties: {
      asOf: report.asOf,
      subject: { project, stack, mode },
      profiles: report.profiles,
      terms: report.terms,
      inputs: report.inputs,
      summary: report.summary,
    },
  };
}

/** SARIF 2.1.0 for code scanning. */
export const renderSarif = (report: AuditReport, mostResults = MOST_RESULTS): string =>
  `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [runOf(report, mostResults)] } satisfies Log, null, 2)}\n`;
