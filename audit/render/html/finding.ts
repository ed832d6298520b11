import type { FindingState, ReportedFinding, ReportedResource, ReportedRule } from "../../report";
import { foreign, lines, markup, sentence, type Content, type Markup } from "../markup";
import { compareText, isMandatory, shownSource, STATE_TITLES } from "../order";
import { counted } from "../text";
import { frameworkName } from "./filter";

/** States differ by shape as well as by colour. */
export const SIGNS: Readonly<Record<FindingState, string>> = {
  fail: "✗",
  indeterminate: "?",
  waived: "⚑",
  pass: "✓",
  "not-applicable": "–",
};

export const stateMark = (state: FindingState): Markup =>
  markup`<span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${STATE_TITLES[state]}</span>`;

function sourceOf(text: string): Content {
  return /^https:\/\/\S+$/.test(text)
    ? markup`<a href="${text}" rel="noreferrer noopener">${text}</a>`
    : foreign(text);
}

function controlList({ controls }: ReportedRule): Content {
  if (controls.length === 0) return undefined;
  return markup`<details class="controls"><summary>${counted(controls.length, "control")}: ${controls.map(
    (control, i) => [i > 0 && ", ", foreign(`${control.framework} ${control.id}`)],
  )}</summary>
<ul>${controls.map(
    (control) =>
      markup`<li>${foreign(frameworkName(control))}, <strong>${foreign(control.id)}</strong>: ${foreign(control.title)}<br><span class="muted">Source: ${sourceOf(control.source)}</span></li>`,
  )}</ul></details>`;
}

/** What the rule judged by, where it can be set. */
function parameterList({ parameters = {} }: ReportedRule): Content {
  const entries = Object.entries(parameters).sort(([a], [b]) => compareText(a, b));
  if (entries.length === 0) return undefined;
  return markup`<p class="muted">Judged by ${entries.map(([name, one], i) => [i > 0 && ", ", markup`<code>${foreign(name)}</code> `, value(one)])}.</p>`;
}

const code = (text: string): Markup => markup`<pre><code>${lines(text)}</code></pre>`;

/**
 * Everything about a rule but its heading: why it is there, how to comply, and which controls ask for it. Where nothing is
 * to be mended the way to do so is folded away.
 */
export function ruleText(rule: ReportedRule, mend: "shown" | "folded"): Markup {
  const waivable = rule.waivable ? undefined : ", not waivable";
  return markup`<p class="facts"><span class="severity ${rule.severity}">${rule.severity}</span> <span>${isMandatory(rule) ? "mandatory" : rule.enforcement}${waivable}</span> <code>${foreign(rule.id)}</code></p>
<p>${sentence(rule.description)}</p>
${parameterList(rule)}
${
  mend === "shown"
    ? markup`<p class="mend-title">To mend it, in TypeScript</p>
${code(rule.remediation)}`
    : markup`<details class="mend"><summary>What to write in TypeScript</summary>${code(rule.remediation)}</details>`
}
${controlList(rule)}`;
}

const resourceText = ({ name, type, component, source }: ReportedResource): Markup =>
  markup`<strong class="name">${foreign(name)}</strong> <span class="type">${foreign(type)}</span>${
    source && markup` <code class="source">${foreign(shownSource(source))}</code>`
  }${component !== undefined && markup` <span class="muted">in ${foreign(component)}</span>`}`;

const value = (one: unknown): Content =>
  one === undefined ? "none" : markup`<code>${foreign(JSON.stringify(one) ?? "none")}</code>`;

function extras({ waiver, remediated }: ReportedFinding): Content {
  return [
    waiver &&
      markup`<p class="waiver">Waived by <strong>${foreign(waiver.owner)}</strong> until <strong>${waiver.expires}</strong> (${foreign(waiver.ticket)}, line ${waiver.line} of the waivers): ${foreign(waiver.reason)}</p>`,
    remediated &&
      remediated.length > 0 &&
      markup`<p class="remediated">The pack mended ${remediated.map(({ path, before, after }, i) => [i > 0 && "; ", markup`<code>${foreign(path)}</code> from ${value(before)} to ${value(after)}`])}.</p>`,
  ];
}

/** A finding that somebody has to read. */
export const findingItem = (finding: ReportedFinding, resource: ReportedResource): Markup =>
  markup`<li class="finding ${finding.state}"><p>${stateMark(finding.state)} ${resourceText(resource)}</p>
${finding.messages.map((message) => markup`<p class="message">${sentence(message)}</p>`)}${extras(finding)}<p class="urn">${foreign(resource.urn)}</p></li>
`;

/** A finding of which there is nothing to tell but that it is there, and why where it is not applicable. */
export const plainItem = (finding: ReportedFinding, resource: ReportedResource): Markup =>
  markup`<li>${resourceText(resource)}${finding.messages.length > 0 && markup`: ${finding.messages.map((message, i) => [i > 0 && " ", sentence(message)])}`}${extras(finding)}</li>
`;

/** Failures, what may be one, and what is answered for are told in full; the rest is listed. */
export const isTold = (state: FindingState): boolean => state !== "pass" && state !== "not-applicable";

/** "2 failed, 1 waived, 12 passed" with the states' signs. */
export const tally = (counts: readonly (readonly [FindingState, number])[]): Markup =>
  markup`<span class="tally">${counts
    .filter(([, count]) => count > 0)
    .map(
      ([state, count]) =>
        markup`<span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${count} ${STATE_TITLES[state].toLowerCase()}</span> `,
    )}</span>`;
