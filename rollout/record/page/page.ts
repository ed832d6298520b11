import { SLOTS, type Weights } from "../../declaration";
import type { Action, RecordEntry } from "../entry";
import type { Verification } from "../verify";
import { gateCharts } from "./gate-chart";
import { escaped, foreign, shownNumber, shownTime } from "./markup";
import { STYLE } from "./palette";
import { outcomeOf, rolloutsOf, type RolloutEntries } from "./rollouts";
import { HATCH, weightsChart } from "./weights-chart";

/** What a page of a record shows. */
export interface RecordPageContent {
  readonly service: string;
  readonly entries: readonly RecordEntry[];
  /** Of exactly these entries, by `verifyRecord`. */
  readonly verification: Verification;
  /** The exported hash that they were verified against. */
  readonly head?: string;
}

const ACTION_WORDS: Readonly<Record<Action, string>> = {
  "rollout-started": "Rollout started",
  step: "Step",
  promoted: "Promoted",
  "rolled-back": "Rolled back",
  aborted: "Aborted",
  refused: "Refused by a gate",
  "scaled-down": "Scaled down",
  observed: "Change from outside observed",
};

const shownWeights = ({ blue, green }: Weights) =>
  `blue\u00a0${shownNumber(blue)}\u00a0%, green\u00a0${shownNumber(green)}\u00a0%`;

/**
 * The record of a service's rollouts as one HTML file without scripts or anything that is loaded: for a change ticket, on
 * screen and on paper. The same content gives the same bytes.
 */
export function recordPage({ service, entries, verification, head }: RecordPageContent): string {
  const rollouts = rolloutsOf(entries);
  const body = [
    HATCH,
    "<main>",
    `<h1>Rollouts of ${foreign(service)}</h1>`,
    verificationBox(verification, head),
    entries.length === 0 ? "<p>Nothing has been switched yet.</p>" : overview(entries, rollouts),
    ...rollouts.map((rollout, i) => rolloutSection(rollout, i + 1)).reverse(),
    entries.length === 0 ? "" : entryTable(entries),
    "</main>",
  ].join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rollouts of ${escaped(service)}</title>
<style>${STYLE}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function verificationBox(verification: Verification, head: string | undefined): string {
  if (!verification.ok) {
    return `<p class="verification bad" role="status"><strong class="failed">✗ Not verified.</strong> ${escaped(verification.problem)}</p>`;
  }
  const { entries, beyondHead } = verification;
  const known = head
    ? `The exported head <code>${escaped(head)}</code> is among them; ${beyondHead} came after it.`
    : "No exported head was given: entries cut off the end would not show.";
  return `<p class="verification ok" role="status"><strong class="passed">✓ Verified.</strong> ${entries} ${entries === 1 ? "entry: its hash and signature" : "entries: their hashes, order and signatures"} were right when this page was made. ${known}</p>`;
}

function overview(entries: readonly RecordEntry[], rollouts: readonly RolloutEntries[]): string {
  const last = entries.at(-1)!;
  const rows = [
    ["From", shownTime(entries[0]!.at)],
    ["To", shownTime(last.at)],
    ["Rollouts", String(rollouts.length)],
    ["Live", `${last.live} (${shownWeights(last.to)})`],
    ...SLOTS.filter((slot) => last.digests[slot] !== undefined).map((slot) => [
      `Image of ${slot}`,
      last.digests[slot]!,
    ]),
    ...SLOTS.filter((slot) => last.models?.[slot] !== undefined).map((slot) => [
      `Models of ${slot}`,
      last.models![slot]!.join(", "),
    ]),
  ];
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value!)}</dd>`).join("");
  return `<dl>${list}</dl>
${summary(rollouts)}
<h2>Weights over time</h2>
<figure class="wide">${weightsChart(entries, "Share of requests of both slots over the whole record")}<figcaption>All times in UTC. Numbers above the chart are those of the entries.</figcaption></figure>`;
}

/** What a reader wants to know first: what was done, by whom and why, and what came of it. */
function summary(rollouts: readonly RolloutEntries[]): string {
  const rows = rollouts.map((entries, i) => {
    const first = entries[0]!;
    const end = outcomeOf(entries);
    // A rollout that went back by itself says why in its last entry, and what it was for in its first.
    const why = first.why === end.why ? "" : `<br>${foreign(end.why)}`;
    return `<tr><td class="number"><a href="#rollout-${i + 1}">${i + 1}</a></td><td>${escaped(shownTime(first.at))}</td><td>${foreign(first.by)}</td><td>${foreign(first.why)}</td><td><strong>${outcomeWords(end)}</strong>${why}</td></tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Began</th><th scope="col">Who</th><th scope="col">Why</th><th scope="col">Outcome</th></tr></thead>
<tbody>
${rows.reverse().join("\n")}
</tbody>
</table></div>`;
}

const outcomeWords = ({ action }: RecordEntry): string =>
  action === "rollout-started" || action === "step" ? "Not at its end" : ACTION_WORDS[action];

function rolloutSection(entries: RolloutEntries, number: number): string {
  const first = entries[0]!;
  const last = entries.at(-1)!;
  const which =
    first === last
      ? `${shownTime(first.at)}, entry ${first.sequence}`
      : `${shownTime(first.at)} to ${shownTime(last.at)}, entries ${first.sequence} to ${last.sequence}`;
  return `<section class="rollout" id="rollout-${number}">
<h2>Rollout ${number}: ${outcomeWords(outcomeOf(entries)).toLowerCase()}</h2>
<p class="muted">${escaped(which)}</p>
<figure class="wide">${weightsChart(entries, `Share of requests of both slots during rollout ${number}`)}</figure>
<ol class="events">
${entries.map(event).join("\n")}
</ol>
${gateCharts(entries)}
</section>`;
}

function event(entry: RecordEntry): string {
  const gates = entry.gates.map(
    ({ gate, verdict, reason }) =>
      `<li><strong class="${escaped(verdict)}">${escaped(verdict)}</strong> ${foreign(gate)}: ${foreign(reason)}</li>`,
  );
  const list = gates.length > 0 ? `<ul>${gates.join("")}</ul>` : "";
  return `<li><strong>${entry.sequence}. ${ACTION_WORDS[entry.action]}</strong>${unmoved(entry)} by ${foreign(entry.by)} <span class="muted">${escaped(shownTime(entry.at))}</span><br>${escaped(shownWeights(entry.from))} → ${escaped(shownWeights(entry.to))}: ${foreign(entry.why)}${list}</li>`;
}

/** A step that shifts no requests makes a slot ready, or has them copied. */
function unmoved({ action, from, to, mirror = 0 }: RecordEntry): string {
  if (mirror > 0) return `, ${shownNumber(mirror)}\u00a0% of requests copied,`;
  return action === "step" && from.blue === to.blue ? ", no requests moved," : "";
}

function entryTable(entries: readonly RecordEntry[]): string {
  const rows = entries.map(
    (entry) =>
      `<tr><td class="number">${entry.sequence}</td><td>${escaped(shownTime(entry.at))}</td><td>${ACTION_WORDS[entry.action]}</td><td>${foreign(entry.by)}</td><td>${escaped(shownWeights(entry.to))}</td><td><code>${escaped(entry.hash)}</code></td></tr>`,
  );
  return `<h2>All entries</h2>
<p class="muted">Each hash is of the entry's canonical JSON (RFC 8785), which names the hash before; each is signed with Ed25519.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Time</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">Weights after</th><th scope="col">Hash</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}
