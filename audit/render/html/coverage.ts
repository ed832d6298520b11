import type { AuditReport, FindingState, FrameworkCoverage } from "../../report";
import { foreign, markup, type Content, type Markup } from "../markup";
import { compareNumbered, controlsInWords } from "../order";
import { stateMark } from "./finding";
import { frameworkName } from "./filter";

/** Best first, as a bar is read; what does not apply comes last. */
const ALONG_BAR: readonly FindingState[] = ["pass", "waived", "indeterminate", "fail", "not-applicable"];

const countIn = ({ controls }: FrameworkCoverage, state: FindingState) =>
  controls.filter((control) => control.state === state).length;

/** Shares of a framework's controls; the numbers stand beside it. */
function bar(coverage: FrameworkCoverage): Markup {
  const scale = 100 / Math.max(1, coverage.controls.length);
  let x = 0;
  const parts = ALONG_BAR.map((state) => {
    const width = Math.round(countIn(coverage, state) * scale * 100) / 100;
    const part =
      width > 0 &&
      markup`<rect class="${state}" x="${Math.round(x * 100) / 100}" width="${width}" height="8"/>`;
    x += width;
    return part;
  });
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

const ruleLinks = (rules: readonly string[], known: ReadonlySet<string>): Content =>
  rules.map((id, i) => [
    i > 0 && ", ",
    known.has(id) ? markup`<a href="#rule-${id}" data-rule="${id}">${foreign(id)}</a>` : foreign(id),
  ]);

type Links = (rules: readonly string[]) => Content;

type Controls = FrameworkCoverage["controls"];

/** Rules that are off have no say in the state, and a reader must see that they do not. */
function ruleCell({ rules, disabled = [] }: Controls[number], links: Links): Content {
  const on = rules.filter((id) => !disabled.includes(id));
  return [
    links(on),
    disabled.length > 0 && markup`${on.length > 0 && "; "}<span class="muted">off: ${links(disabled)}</span>`,
  ];
}

const inOrder = (controls: Controls): Controls => [...controls].sort((a, b) => compareNumbered(a.id, b.id));

function table(controls: Controls, links: Links): Markup {
  return markup`<table>
<thead><tr><th scope="col">Control</th><th scope="col">Title</th><th scope="col">State</th><th scope="col">Rules</th></tr></thead>
<tbody>
${inOrder(controls).map(
  (control) =>
    markup`<tr><th scope="row">${foreign(control.id)}</th><td>${foreign(control.title)}</td><td>${stateMark(control.state)}</td><td>${ruleCell(control, links)}</td></tr>
`,
)}</tbody></table>`;
}

function framework(coverage: FrameworkCoverage, links: Links): Markup {
  const name = frameworkName(coverage);
  return markup`<li><details><summary><span class="row"><strong>${foreign(name)}</strong>${bar(coverage)}<span>${controlsInWords(coverage)}</span></span></summary>
<div class="scroll" tabindex="0" role="group" aria-label="${`Controls of ${name}`}">${table(coverage.controls, links)}</div></details></li>
`;
}

/** Each framework's mapped controls, and what came of them. */
export function coverage({ frameworks, rules }: AuditReport): Content {
  if (frameworks.length === 0) return undefined;
  const known = new Set(rules.map(({ id }) => id));
  return markup`<section aria-labelledby="frameworks-title">
<h2 id="frameworks-title">Frameworks</h2>
<p class="muted">Controls that at least one rule maps to, with a source to read it in. A control is met where all its rules that are on passed; it fails where one fails on any resource. Controls that no rule maps to are not judged here.</p>
<ul class="frameworks">
${frameworks.map((one) => framework(one, (ids) => ruleLinks(ids, known)))}</ul>
</section>`;
}

/** The same control by control for paper, where nothing can be opened; what does not apply needs no line of its own. */
export function controlsOnPaper({ frameworks }: AuditReport): Content {
  if (frameworks.length === 0) return undefined;
  const names: Links = (ids) => ids.map((id, i) => [i > 0 && ", ", foreign(id)]);
  return markup`<section class="on-paper" aria-labelledby="controls-title">
<h2 id="controls-title">Frameworks, control by control</h2>
${frameworks.map((one) => {
  const rest = one.controls.filter(({ state }) => state === "not-applicable");
  const applicable = one.controls.filter(({ state }) => state !== "not-applicable");
  return markup`<h3>${foreign(frameworkName(one))}</h3>
${applicable.length > 0 && table(applicable, names)}
${rest.length > 0 && markup`<p>Not applicable: ${names(inOrder(rest).map(({ id }) => id))}.</p>`}`;
})}</section>`;
}
