import { markup, sentence, type Content, type Markup } from "../../markup";
import { STATES, STATE_TITLES, type RuleFindings } from "../../order";
import { grouped } from "../../text";
import type { FindingState, ReportedResource } from "../../../report";
import { findingItem, isTold, plainItem, ruleText, tally } from "../finding";

/** So many findings of a rule are shown at first, and so many more at a time. */
const FIRST = 10;
const STEP = 200;
/** Paper has no buttons: what is printed has so many findings of a rule at most. */
const MOST_PRINTED = 5000;

type LookUp = (urn: string) => ReportedResource;

const toldOf = ({ findings }: RuleFindings) => STATES.filter(isTold).flatMap((state) => [...findings[state]]);

const moreButton = (place: number, state: string, left: number): Markup =>
  markup`<button type="button" data-more="${place}" data-state="${state}">Show ${grouped(Math.min(left, STEP))} more of ${grouped(left)}</button>`;

/** Passed and not applicable: a number that can be opened, filled when it is. */
function listed(entry: RuleFindings, state: FindingState, place: number, open: boolean): Content {
  const count = entry.findings[state].length;
  if (count === 0) return undefined;
  return markup`<details class="list" data-list="${place}" data-state="${state}"${open && markup` open`}><summary>${STATE_TITLES[state]} (${grouped(count)})</summary><ul></ul></details>`;
}

/** A rule with the first of what was found. `open` also lists what passed, where that is all a reader asked for. */
export function ruleCard(
  entry: RuleFindings,
  place: number,
  { open, all, lookUp }: { open: boolean; all: boolean; lookUp: LookUp },
): Markup {
  const told = toldOf(entry);
  const first = all ? MOST_PRINTED : FIRST;
  return markup`<article class="rule" aria-labelledby="card-${place}">
<div class="rule-head"><h3 id="card-${place}" tabindex="-1">${sentence(entry.rule.title)}</h3>${tally(STATES.map((state) => [state, entry.findings[state].length]))}</div>
${ruleText(entry.rule, told.length > 0 ? "shown" : "folded")}
${told.length > 0 && markup`<ul class="findings">${told.slice(0, first).map((finding) => findingItem(finding, lookUp(finding.resource)))}</ul>`}
${told.length > first && moreButton(place, "told", told.length - first)}
${STATES.filter((state) => !isTold(state)).map((state) => listed(entry, state, place, open || all))}
</article>`;
}

/** The next findings for a list that shows `shown` of them, and the button for those after. */
export function nextItems(
  entry: RuleFindings,
  state: string,
  shown: number,
  { place, lookUp, all }: { place: number; lookUp: LookUp; all: boolean },
): { items: Markup; button: Markup | undefined } {
  const told = state === "told";
  const findings = told ? toldOf(entry) : entry.findings[state as FindingState];
  const next = findings.slice(shown, shown + (all ? MOST_PRINTED : STEP));
  const left = findings.length - shown - next.length;
  const item = told ? findingItem : plainItem;
  return {
    items: markup`${next.map((finding) => item(finding, lookUp(finding.resource)))}`,
    button: left > 0 ? moreButton(place, state, left) : undefined,
  };
}
