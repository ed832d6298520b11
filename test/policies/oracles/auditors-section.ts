import type { AuditorsJudgement } from "../auditors";
import { FIRST, missedAtFirst } from "../auditors/first-judgement";
import { percent, row, table } from "./markdown";

const isTold = ({ detectedBy }: AuditorsJudgement): boolean => detectedBy.length > 0;

const preface = (judged: readonly AuditorsJudgement[]): string => {
  const first = judged.filter(({ pair }) => !missedAtFirst(pair.id)).length;
  const now = judged.filter(isTold).length;
  return `On ${FIRST.day} two auditors who had not seen the pack, its rules or its corpus wrote ${judged.length} pairs of stacks over the areas that the pack
claims: a third textbook cases, a third unusual spellings, a third faults that lie between several resources (\`test/policies/auditors\`).
In the bad stack of a pair one thing is wrong; it is told apart if some rule fails there that does not fail in the good one.

When they were judged for the first time the pack of ${FIRST.rules} rules told ${first} of ${judged.length} apart (**${percent(first, judged.length)}**). With what was mended after
that it is ${now} of ${judged.length} (${percent(now, judged.length)}); these pairs measure nothing new any more.
`;
};

/** The part of the page on pairs by auditors. */
export function auditorsSection(
  judged: readonly AuditorsJudgement[],
  missed: Readonly<Record<string, string>>,
  alarms: Readonly<Record<string, string>>,
): string {
  const areas = [...new Set(judged.map(({ pair }) => pair.area))].sort();
  const rates = areas.map((area) => {
    const own = judged.filter(({ pair }) => pair.area === area);
    return row(
      area,
      own.length,
      own.filter(({ pair }) => !missedAtFirst(pair.id)).length,
      own.filter(isTold).length,
    );
  });
  const later = judged
    .filter((one) => missedAtFirst(one.pair.id) || !isTold(one))
    .map(({ pair, detectedBy }) =>
      row(
        pair.id,
        pair.what,
        detectedBy.length > 0
          ? detectedBy.map((rule) => `\`${rule}\``).join(", ")
          : `not found: ${missed[pair.id]}`,
      ),
    );
  const rules = [...new Set(judged.flatMap(({ falseAlarms }) => falseAlarms))].sort();
  const said = rules.map((rule) => {
    const pairs = judged.filter(({ falseAlarms }) => falseAlarms.includes(rule));
    return row(`\`${rule}\``, pairs.length, alarms[rule]!);
  });
  return [
    preface(judged),
    table(["Area", "Pairs", "Told apart at first", "Now"], rates),
    "What was missed at first:\n",
    table(["Pair", "What is wrong", "Now"], later),
    "What rules say of stacks that their authors held to be well configured: all that is mandatory, and what is said of the subject.\n",
    table(["Rule", "Pairs", "Why"], said),
  ].join("\n");
}
