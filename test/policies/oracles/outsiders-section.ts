import { type Judgement, ratesOf } from "../corpus/measure";
import { FIRST } from "../outsiders/first-judgement";
import { percent, row, table } from "./markdown";

const PREFACE = (judged: readonly Judgement[]): string => {
  const first = judged.filter(({ twin }) => (FIRST.told as readonly string[]).includes(twin.id)).length;
  const now = ratesOf(judged);
  return `The corpus above was also what rules were written from. So on ${FIRST.day} ${judged.length} misconfigurations that it does not have were taken from
Kubescape (regolibrary), Trivy (trivy-checks), kube-linter, Polaris and Datree: what their checks ask within the areas of the
pack and no pair asked, each with a well-configured twin (\`test/policies/outsiders\`). Left out were checks of files on a node and
of flags of the control plane, which no resource shows, of known flaws of single versions, and of style (names, labels, owners,
the order of keys).

Before any rule was added the pack of ${FIRST.rules} rules told ${first} of ${judged.length} apart (${percent(first, judged.length)}), ${FIRST.byChance.length} of them by rules about something else
(${FIRST.byChance.join(", ")}). **That is the rate to expect for what nobody thought of.** With the rules that came after it is
${now.detected} of ${judged.length} (${percent(now.detected, judged.length)}), with ${now.falselyAlarmed} false alarms; these pairs measure nothing new any more.
`;
};

/** The part of the page on pairs from outside. */
export function outsidersSection(
  judged: readonly Judgement[],
  reasons: Readonly<Record<string, string>>,
): string {
  const sources = [...new Set(judged.map(({ twin }) => twin.source))];
  const told = FIRST.told as readonly string[];
  const rows = sources.map((source) => {
    const own = judged.filter(({ twin }) => twin.source === source);
    const first = own.filter(({ twin }) => told.includes(twin.id)).length;
    return row(source, own.length, first, ratesOf(own).detected);
  });
  const cases = judged.map(({ twin, detectedBy }) =>
    row(
      twin.id,
      `${twin.source}: ${twin.control}`,
      twin.what,
      told.includes(twin.id) ? "yes" : "no",
      detectedBy.length > 0
        ? detectedBy.map((rule) => `\`${rule}\``).join(", ")
        : `not found: ${reasons[twin.id]}`,
    ),
  );
  return [
    PREFACE(judged),
    table(["Source", "Pairs", "Told apart at first", "Now"], rows),
    table(["Pair", "Control", "What is wrong", "At first", "Now"], cases),
  ].join("\n");
}
