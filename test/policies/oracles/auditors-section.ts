import type { AuditorsJudgement } from "../auditors";
import { missedAtFirst, type Visit, visitOf, VISITS } from "../auditors/visits";
import { percent, row, table } from "./markdown";

const isTold = ({ detectedBy }: AuditorsJudgement): boolean => detectedBy.length > 0;

const HEAD = `Auditors who had not seen the pack, its rules or its corpus wrote pairs of stacks over the areas that the pack claims
(\`test/policies/auditors\`). In the bad stack of a pair one thing is wrong; it is told apart if some rule fails there that does not
fail in the good one. What a visit's pairs are judged to be at first is the rate to expect for others like them; after that rules are
mended, and the pairs measure nothing new any more.
`;

const FIRST_COLUMNS = ["Day", "Asked for", "Rules", "Pairs", "Told apart at first", "Now"];

/** A visit and what became of its pairs. */
function visitRow(visit: Visit, judged: readonly AuditorsJudgement[]): string {
  const own = judged.filter(({ pair }) => visitOf(pair.id) === visit);
  const rate = (told: number) => `${told} (${percent(told, own.length)})`;
  const first = own.filter(({ pair }) => !missedAtFirst(pair.id)).length;
  return row(
    visit.day,
    visit.asked,
    visit.rules,
    own.length,
    `**${rate(first)}**`,
    rate(own.filter(isTold).length),
  );
}

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
    HEAD,
    table(
      FIRST_COLUMNS,
      VISITS.map((visit) => visitRow(visit, judged)),
    ),
    table(["Area", "Pairs", "Told apart at first", "Now"], rates),
    "What was missed at first:\n",
    table(["Pair", "What is wrong", "Now"], later),
    "What rules say of stacks that their authors held to be well configured: all that is mandatory, and what is said of the subject.\n",
    table(["Rule", "Pairs", "Why"], said),
  ].join("\n");
}
