import type { AuditReport } from "../../report";
import { markup, type Content, type Markup } from "../markup";
import { compareText, resourcesOf, SEVERITIES, STATES, STATE_TITLES } from "../order";
import { grouped } from "../text";
import { SIGNS } from "./finding";
import { frameworkName, NO_COMPONENT } from "./filter";

function choice(name: string, value: string, label: Content, count: number): Markup {
  const id = `${name}-${value}`;
  return markup`<div class="choice"><input type="checkbox" id="${id}" name="${name}" value="${value}"><label for="${id}">${label}</label><span class="number">${grouped(count)}</span></div>
`;
}

function select(name: string, label: string, all: string, values: readonly string[]): Markup {
  return markup`<label class="label" for="filter-${name}">${label}</label>
<select id="filter-${name}" name="${name}"><option value="">${all}</option>
${values.map((value) => markup`<option value="${value}">${value}</option>`)}</select>
`;
}

const search = (name: string, label: string): Markup =>
  markup`<label class="label" for="filter-${name}">${label}</label>
<input type="search" id="filter-${name}" name="${name}" autocomplete="off" spellcheck="false">
`;

/** The filters and the place for what they find; the script shows them, as they do nothing without it. */
export function explorer(report: AuditReport): Markup {
  const lookUp = resourcesOf(report);
  const severityOf = new Map(report.rules.map(({ id, severity }) => [id, severity]));
  const bySeverity = new Map<string, number>();
  const components = new Set<string>();
  for (const { rule, resource } of report.findings) {
    const severity = severityOf.get(rule)!;
    bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
    components.add(lookUp(resource).component ?? NO_COMPONENT);
  }
  const judging = [...new Set(report.findings.map(({ rule }) => rule))].sort(compareText);
  return markup`<section class="explorer" id="explorer" aria-labelledby="explorer-title" hidden>
<h2 id="explorer-title" tabindex="-1">Findings</h2>
<details class="filters" open><summary>Filters</summary>
<form role="search" aria-label="Filter findings">
${search("text", "Search")}
<fieldset><legend>State</legend>
${STATES.map((state) => choice("states", state, [markup`<span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${STATE_TITLES[state]}</span>`], report.summary[state]))}</fieldset>
<fieldset><legend>Severity</legend>
${SEVERITIES.map((severity) => choice("severities", severity, severity, bySeverity.get(severity) ?? 0))}</fieldset>
${select("framework", "Framework", "All frameworks", report.frameworks.map(frameworkName))}${select("control", "Control", "All controls", [])}${search("resource", "Resource (name, type or URN)")}${select("component", "Component", "All components", [...components].sort(compareText))}${select("rule", "Rule", "All rules", judging)}<div class="choice"><input type="checkbox" id="print-shown"><label for="print-shown">Print only what is found</label></div>
<button type="reset">Clear filters</button>
</form></details>
<div>
<p class="count" role="status" id="count"></p>
<p class="applied muted" id="applied"></p>
<div id="results"></div>
<nav class="pages" id="pages" aria-label="Pages of rules"></nav>
</div>
</section>`;
}
