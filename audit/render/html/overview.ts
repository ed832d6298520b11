import { outcomeOf, type Outcome } from "../../outcome";
import type { AuditReport } from "../../report";
import { foreign, markup, sentence, type Content, type Markup } from "../markup";
import { STATES, STATE_TITLES, unknownInWords } from "../order";
import { counted, grouped } from "../text";
import { SIGNS } from "./finding";

const JUDGED = {
  preview: "What a preview would make was judged",
  update: "What an update made was judged",
  state: "What a state holds was judged",
} as const;

/** What each state means, where a reader meets it first. */
const MEANINGS = {
  fail: "against the rule",
  indeterminate: "not known, or not judged",
  waived: "failed; somebody answers for it",
  pass: "as the rule wants it",
  "not-applicable": "nothing for the rule to judge",
} as const;

/** Class, sign and word of each end. What is not known in full has no tick. */
const ENDS: Readonly<
  Record<Outcome, { readonly look: string; readonly sign: string; readonly word: string }>
> = {
  failed: { look: "bad", sign: SIGNS.fail, word: "Not passed." },
  open: { look: "open", sign: SIGNS.indeterminate, word: "Not known in full." },
  passed: { look: "ok", sign: SIGNS.pass, word: "Passed." },
};

function verdictText(report: AuditReport): string {
  const { summary, waiverProblems = [] } = report;
  const { mandatoryFailures, mandatoryUnjudged, mandatoryIndeterminate, fail } = summary;
  if (mandatoryFailures > 0) {
    const mandatory = counted(
      mandatoryFailures,
      "failure of a mandatory rule",
      "failures of mandatory rules",
    );
    return `${mandatory}, unwaived.`;
  }
  if (waiverProblems.length > 0) {
    return `${counted(waiverProblems.length, "waiver does", "waivers do")} not hold. No mandatory rule fails unwaived.`;
  }
  const advisory = fail > 0 ? ` ${counted(fail, "advisory failure", "advisory failures")} besides.` : "";
  if (mandatoryUnjudged > 0) {
    const unjudged = counted(mandatoryUnjudged, "mandatory finding was", "mandatory findings were");
    return `${unjudged} not judged by the run. No mandatory rule fails unwaived.${advisory}`;
  }
  if (mandatoryIndeterminate > 0) return `${unknownInWords(summary)}${advisory}`;
  return `No mandatory rule fails unwaived.${advisory}`;
}

function problems({ waiverProblems = [] }: AuditReport): Content {
  if (waiverProblems.length === 0) return undefined;
  return markup`<p><strong>Waivers that do not hold:</strong></p>
<ul>${waiverProblems.map(({ line, message }) => markup`<li>line ${line}: ${sentence(message)}</li>`)}</ul>`;
}

export function title({ subject: { project, stack } }: AuditReport): Content {
  return ["Policy audit of ", foreign(`${project}/${stack}`)];
}

/** The answer first: does it fail, and how much of what. */
export function overview(report: AuditReport): Markup {
  const { look, sign, word } = ENDS[outcomeOf(report)];
  const { subject, summary } = report;
  return markup`<h1>${title(report)}</h1>
<p class="muted">${JUDGED[subject.mode]}, as of <time datetime="${report.asOf}">${report.asOf}</time>: ${counted(report.resources.length, "resource")} by ${counted(report.rules.length, "rule")} of ${foreign(`${report.pack.name} ${report.pack.version}`)}.</p>
<div class="verdict ${look}"><p><strong><span aria-hidden="true">${sign}</span> ${word}</strong> ${verdictText(report)}</p>
${problems(report)}</div>
<dl class="counts">${STATES.map(
    (state) =>
      markup`<div class="${state}"><dt><span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${STATE_TITLES[state]}</span><br>${MEANINGS[state]}</dt><dd>${grouped(summary[state])}</dd></div>
`,
  )}</dl>`;
}
