import type { AuditReport } from "../../report";
import { foreign, markup, sentence, type Content, type Markup } from "../markup";
import { STATES, STATE_TITLES } from "../order";
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
  indeterminate: "a value is not known before the update",
  waived: "failed; somebody answers for it",
  pass: "as the rule wants it",
  "not-applicable": "nothing for the rule to judge",
} as const;

function verdictText({ summary, waiverProblems = [] }: AuditReport): { bad: boolean; text: string } {
  const { mandatoryFailures, fail } = summary;
  if (mandatoryFailures > 0) {
    const mandatory = counted(
      mandatoryFailures,
      "failure of a mandatory rule",
      "failures of mandatory rules",
    );
    return { bad: true, text: `${mandatory}, unwaived.` };
  }
  if (waiverProblems.length > 0) {
    return {
      bad: true,
      text: `${counted(waiverProblems.length, "waiver does", "waivers do")} not hold. No mandatory rule fails unwaived.`,
    };
  }
  const advisory = fail > 0 ? ` ${counted(fail, "advisory failure", "advisory failures")} besides.` : "";
  return { bad: false, text: `No mandatory rule fails unwaived.${advisory}` };
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
  const { bad, text } = verdictText(report);
  const { subject, summary } = report;
  return markup`<h1>${title(report)}</h1>
<p class="muted">${JUDGED[subject.mode]}, as of <time datetime="${report.asOf}">${report.asOf}</time>: ${counted(report.resources.length, "resource")} by ${counted(report.rules.length, "rule")} of ${foreign(`${report.pack.name} ${report.pack.version}`)}.</p>
<div class="verdict ${bad ? "bad" : "ok"}"><p><strong><span aria-hidden="true">${bad ? "✗" : "✓"}</span> ${bad ? "Not passed." : "Passed."}</strong> ${text}</p>
${problems(report)}</div>
<dl class="counts">${STATES.map(
    (state) =>
      markup`<div class="${state}"><dt><span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${STATE_TITLES[state]}</span><br>${MEANINGS[state]}</dt><dd>${grouped(summary[state])}</dd></div>
`,
  )}</dl>`;
}
