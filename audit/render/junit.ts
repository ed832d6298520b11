import type { AuditReport, ReportedFinding, ReportedResource, ReportedRule, WaiverProblem } from "../report";
import { isUnjudged } from "../unjudged";
import { lines, markup, type Markup } from "./markup";
import { isMandatory, resourcesOf, rulesWorstFirst, shownSource, STATES, type RuleFindings } from "./order";

const totals = (name: string, tests: number, failures: number, errors = 0): Markup =>
  markup`name="${name}" tests="${tests}" failures="${failures}" errors="${errors}" time="0"`;

const kindOf = (rule: ReportedRule) => `${isMandatory(rule) ? "mandatory" : "advisory"}, ${rule.severity}`;

function details({ messages }: ReportedFinding, resource: ReportedResource, rule: ReportedRule): Markup {
  return markup`${messages.map(
    (message) => markup`${message}
`,
  )}URN: ${resource.urn}
${
  resource.source &&
  markup`Source: ${shownSource(resource.source)}
`
}To mend it, in TypeScript:
${lines(rule.remediation)}`;
}

/** Why a test did not say yes or no. */
function skipReason({ state, messages, waiver }: ReportedFinding): string {
  const said = messages.join(" ");
  if (waiver) {
    const { owner, expires, ticket, reason } = waiver;
    return `waived by ${owner} until ${expires} (${ticket}): ${reason}${said && ` What is waived: ${said}`}`;
  }
  return `${state === "indeterminate" ? "indeterminate" : "not applicable"}${said && `: ${said}`}`;
}

/** Whether a finding fails the audit though nothing is known to be wrong: for JUnit, a test that could not be run. */
type IsError = (finding: ReportedFinding, rule: ReportedRule) => boolean;

const errorsBy =
  ({ failOnIndeterminate }: AuditReport["terms"]): IsError =>
  (finding, rule) =>
    isMandatory(rule) && (isUnjudged(finding) || (failOnIndeterminate && finding.state === "indeterminate"));

function outcome(
  finding: ReportedFinding,
  resource: ReportedResource,
  rule: ReportedRule,
  isError: IsError,
): Markup | undefined {
  if (finding.state === "pass") return undefined;
  if (finding.state === "fail") {
    const message = finding.messages.join(" ") || rule.title;
    return markup`<failure type="${kindOf(rule)}" message="${message}">${details(finding, resource, rule)}</failure>`;
  }
  if (isError(finding, rule)) {
    return markup`<error type="${kindOf(rule)}" message="${skipReason(finding)}">${details(finding, resource, rule)}</error>`;
  }
  return markup`<skipped message="${skipReason(finding)}"/>`;
}

/** Resources of one name differ by type. */
function testCase(
  finding: ReportedFinding,
  resource: ReportedResource,
  rule: ReportedRule,
  isError: IsError,
): Markup {
  return markup`    <testcase classname="slipway.audit.${rule.id}" name="${resource.name} (${resource.type})" time="0">${outcome(finding, resource, rule, isError)}</testcase>
`;
}

function suite(
  { rule, findings }: RuleFindings,
  resource: (urn: string) => ReportedResource,
  isError: IsError,
): Markup {
  const all = STATES.flatMap((state) => findings[state]);
  const failures = findings.fail.length;
  const errors = all.filter((finding) => isError(finding, rule)).length;
  const skipped = all.length - failures - errors - findings.pass.length;
  return markup`  <testsuite ${totals(rule.id, all.length, failures, errors)} skipped="${skipped}">
${all.map((finding) => testCase(finding, resource(finding.resource), rule, isError))}  </testsuite>
`;
}

/** Waivers that do not hold fail the run, so they fail here. */
function waiverSuite(problems: readonly WaiverProblem[]): Markup | undefined {
  if (problems.length === 0) return undefined;
  return markup`  <testsuite ${totals("waivers", problems.length, problems.length)} skipped="0">
${problems.map(
  ({ line, message }, i) =>
    markup`    <testcase classname="slipway.audit.waivers" name="${`entry on line ${line} (${i + 1})`}" time="0"><failure type="waiver" message="${message}"/></testcase>
`,
)}  </testsuite>
`;
}

/** JUnit's XML, as CI servers read it: a suite for each rule, a test for each resource that it judged. */
export function renderJunit(report: AuditReport): string {
  const { project, stack } = report.subject;
  const { mandatoryIndeterminate, mandatoryUnjudged, fail } = report.summary;
  const errors = report.terms.failOnIndeterminate ? mandatoryIndeterminate : mandatoryUnjudged;
  const isError = errorsBy(report.terms);
  const problems = report.waiverProblems ?? [];
  const tests = report.findings.length + problems.length;
  const resource = resourcesOf(report);
  const suites = rulesWorstFirst(report).filter(({ worst }) => worst !== undefined);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${totals(`Audit of ${project}/${stack}`, tests, fail + problems.length, errors)}>
${waiverSuite(problems)}${suites.map((entry) => suite(entry, resource, isError))}</testsuites>
`.toString();
}
