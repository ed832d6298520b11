import type { AuditReport, FindingState, ReportedFinding, ReportedResource } from "../../report";
import { foreign, markup, sentence, type Content, type Markup } from "../markup";
import { resourcesOf, rulesWorstFirst, STATES, STATE_TITLES, type RuleFindings } from "../order";
import { counted, grouped } from "../text";
import { findingItem, isTold, plainItem, ruleText, tally } from "./finding";

/** As many findings are written out for paper and for readers without scripts; more make a file slow to open. */
export const MOST_WRITTEN_OUT = 4000;

interface Cut {
  readonly entry: RuleFindings;
  readonly shown: Readonly<Record<FindingState, readonly ReportedFinding[]>>;
  readonly leftOut: number;
}

/** What is least worth paper goes first: the worst state of every rule is taken before the next. */
function cutToSize(entries: readonly RuleFindings[]): Cut[] {
  let room = MOST_WRITTEN_OUT;
  const shown = entries.map(() => new Map<FindingState, readonly ReportedFinding[]>());
  for (const state of STATES) {
    for (const [i, { findings }] of entries.entries()) {
      const part = findings[state].slice(0, room);
      room -= part.length;
      shown[i]!.set(state, part);
    }
  }
  return entries.map((entry, i) => ({
    entry,
    shown: Object.fromEntries(shown[i]!) as Cut["shown"],
    leftOut: STATES.reduce(
      (count, state) => count + entry.findings[state].length - shown[i]!.get(state)!.length,
      0,
    ),
  }));
}

function listed(
  state: FindingState,
  findings: readonly ReportedFinding[],
  lookUp: (urn: string) => ReportedResource,
): Content {
  if (findings.length === 0) return undefined;
  return markup`<p><strong>${STATE_TITLES[state]} (${grouped(findings.length)})</strong></p>
<ul>${findings.map((finding) => plainItem(finding, lookUp(finding.resource)))}</ul>`;
}

function rule({ entry, shown, leftOut }: Cut, lookUp: (urn: string) => ReportedResource): Markup {
  const told = STATES.filter(isTold).flatMap((state) => shown[state]);
  return markup`<section class="rule${told.length === 0 && " quiet"}" id="rule-${entry.rule.id}">
<div class="rule-head"><h3>${sentence(entry.rule.title)}</h3>${tally(STATES.map((state) => [state, entry.findings[state].length]))}</div>
${ruleText(entry.rule, told.length > 0 ? "shown" : "folded")}
${
  told.length > 0 &&
  markup`<ul class="findings">
${told.map((finding) => findingItem(finding, lookUp(finding.resource)))}</ul>`
}
${STATES.filter((state) => !isTold(state)).map((state) => listed(state, shown[state], lookUp))}
${leftOut > 0 && markup`<p class="muted">${counted(leftOut, "finding")} of this rule not written out here.</p>`}
</section>
`;
}

/** A rule that applied nowhere has no more to tell than why. */
function unapplied({ entry, shown, leftOut }: Cut, lookUp: (urn: string) => ReportedResource): Markup {
  const { id, title } = entry.rule;
  return markup`<li id="rule-${id}"><code>${foreign(id)}</code>: ${sentence(title)}
<ul>${shown["not-applicable"].map((finding) => plainItem(finding, lookUp(finding.resource)))}${leftOut > 0 && markup`<li>${counted(leftOut, "finding")} not written out here</li>`}</ul></li>
`;
}

function elsewhere(cuts: readonly Cut[], lookUp: (urn: string) => ReportedResource): Content {
  if (cuts.length === 0) return undefined;
  return markup`<h3>Rules that applied to nothing (${grouped(cuts.length)})</h3>
<ul>${cuts.map((cut) => unapplied(cut, lookUp))}</ul>`;
}

function idle(entries: readonly RuleFindings[]): Content {
  const rest = entries.filter(({ worst }) => worst === undefined);
  if (rest.length === 0) return undefined;
  return markup`<section aria-labelledby="idle-title"><h2 id="idle-title">Rules that judged nothing</h2>
<p class="muted">No resource is of a type that these rules judge.</p>
<ul>${rest.map(({ rule: { id, title } }) => markup`<li><code>${foreign(id)}</code>: ${sentence(title)}</li>`)}</ul></section>`;
}

const applied = ({ entry }: Cut) => entry.worst !== "not-applicable";

/** Every rule with what it found, as a document: what is printed, and what is read where scripts do not run. */
export function writtenOut(report: AuditReport): Markup {
  const entries = rulesWorstFirst(report);
  const judged = cutToSize(entries.filter(({ worst }) => worst !== undefined));
  const leftOut = judged.reduce((count, cut) => count + cut.leftOut, 0);
  const lookUp = resourcesOf(report);
  return markup`<section class="written-out" aria-labelledby="written-out-title">
<h2 id="written-out-title">Findings by rule, worst first</h2>
${leftOut > 0 && markup`<p><strong>${counted(leftOut, "finding")} of ${grouped(report.findings.length)} not written out here</strong>, those that matter least; the filters above (in a browser with scripts) and report.json have all of them.</p>`}
${judged.length === 0 && markup`<p>There was nothing to judge.</p>`}
${judged.filter(applied).map((cut) => rule(cut, lookUp))}
${elsewhere(
  judged.filter((cut) => !applied(cut)),
  lookUp,
)}</section>
${idle(entries)}`;
}
