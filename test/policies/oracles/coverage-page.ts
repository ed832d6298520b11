import type { AuditorsJudgement } from "../auditors";
import { type Judgement, ratesOf } from "../corpus/measure";
import { auditorsSection } from "./auditors-section";
import { compare, type Group, SCANNERS } from "./disagreements";
import { EXPLANATIONS, type Explanations } from "./explanations";
import { eachCase } from "./each-case";
import { percent, row, table } from "./markdown";
import { outsidersSection } from "./outsiders-section";
import type { Hit } from "./scan";

const HEAD = `# What the policy pack finds, measured

The corpus in \`test/policies/corpus\` has pairs of resources, a misconfigured one and its well-configured twin. It was written
from public controls (Prowler, Checkov, the Pod Security Standards, kube-score, kube-linter, Kubescape, AWS Foundational
Security Best Practices, EKS best practices and the documentation of Envoy Gateway, the Gateway API, Flagger, Argo Rollouts and
KEDA), before most of the rules: a pack of 89 rules told 203 of 506 pairs apart. Rules for what was missed came after, so that the
rates below say how much of these controls is covered, not what becomes of misconfigurations that nobody thought of: that is
measured under [pairs from outside](#pairs-from-outside) and [pairs by auditors](#pairs-by-auditors). A pair is *told apart* if a rule fails for the subject of the bad one
that does not fail for that of the good one. A *false alarm* is a good one for which a mandatory rule fails, or any rule for its subject.

The same objects are given to two public scanners: Kubernetes objects as YAML to Checkov and kube-score, those of AWS to Checkov
as Terraform's JSON, into which \`test/policies/oracles/terraform.ts\` translates them. Both of a pair lie in one scan, under names
of their own, so that checks that connect objects take neither for the other.

This page is made by \`npx tsx test/policies/oracles/compare.ts\`, which runs the scanners (about three minutes) and records what
they said; \`UPDATE_DOCS=1 npx mocha -r tsx/cjs --exit test/policies/corpus/coverage.test.ts\` makes it from the record. Only the
explanations are written by hand, in \`test/policies/oracles/explanations.yaml\`. A test holds page, record, corpus and rules equal.
`;

/** Some of the pairs, by their ids; all of them would fill pages. */
function some(twins: readonly string[]): string {
  const shown = twins.slice(0, 4).join(", ");
  return twins.length > 4 ? `${shown} and ${twins.length - 4} more` : shown;
}

/** @throws Error that names what has no explanation, and each explanation that nothing needs */
function explained(kind: keyof Explanations, reasons: Explanations, keys: readonly string[]): void {
  const known = Object.keys(reasons[kind] ?? {});
  const open = keys.filter((key) => !reasons[kind]?.[key]?.trim());
  const unused = known.filter((key) => !keys.includes(key));
  const complaints = [
    ...open.map((key) => `\`${kind}\` has no explanation for \`${key}\``),
    ...unused.map((key) => `nothing needs the explanation of \`${key}\` in \`${kind}\``),
  ];
  if (complaints.length > 0) throw new Error(`${EXPLANATIONS}: ${complaints.join("; ")}`);
}

const keyOf = ({ scanner, check }: Group): string => `${scanner} ${check}`;

/** The page, as Markdown. @throws Error where something is not explained */
export function coveragePage(
  judgements: readonly Judgement[],
  hits: readonly Hit[],
  reasons: Explanations,
  outside: readonly Judgement[],
  audited: readonly AuditorsJudgement[],
): string {
  const { onlyScanner, onlyPack, good, detected } = compare(judgements, hits);
  const missed = judgements.filter(({ detectedBy }) => detectedBy.length === 0);
  const alarmed = judgements.filter(({ falseAlarms }) => falseAlarms.length > 0);
  explained(
    "missed",
    reasons,
    missed.map(({ twin }) => twin.id),
  );
  explained(
    "falseAlarms",
    reasons,
    alarmed.map(({ twin }) => twin.id),
  );
  explained("onlyScanner", reasons, onlyScanner.map(keyOf));
  explained(
    "onlyPack",
    reasons,
    onlyPack.map(({ scanner, area }) => `${scanner} ${area}`),
  );
  explained("good", reasons, good.map(keyOf));

  explained(
    "outsiders",
    reasons,
    outside.filter(({ detectedBy }) => detectedBy.length === 0).map(({ twin }) => twin.id),
  );

  explained(
    "auditors",
    reasons,
    audited.filter(({ detectedBy }) => detectedBy.length === 0).map(({ pair }) => pair.id),
  );
  explained("auditorsAlarms", reasons, [...new Set(audited.flatMap(({ falseAlarms }) => falseAlarms))]);

  const areas = [...new Set(judgements.map(({ twin }) => twin.area))];
  const rates = areas.map((area) => {
    const { pairs, detected, falselyAlarmed } = ratesOf(judgements.filter(({ twin }) => twin.area === area));
    return row(area, pairs, detected, percent(detected, pairs), falselyAlarmed);
  });
  const all = ratesOf(judgements);
  const total = row("**all**", all.pairs, all.detected, percent(all.detected, all.pairs), all.falselyAlarmed);
  const groups = (kind: "onlyScanner" | "good", list: readonly Group[]): string[] =>
    list.map((group) =>
      row(
        `${group.scanner} \`${group.check}\``,
        group.title,
        group.twins.length,
        some(group.twins),
        reasons[kind][keyOf(group)]!,
      ),
    );

  return [
    HEAD,
    "## Rates\n",
    `${all.pairs} pairs: ${percent(all.detected, all.pairs)} told apart, ${percent(all.falselyAlarmed, all.pairs)} false alarms. Of the same pairs ${SCANNERS.map((scanner) => `${scanner} tells ${detected[scanner]} apart`).join(", ")}.\n`,
    table(["Area", "Pairs", "Told apart", "Rate", "False alarms"], [...rates, total]),
    "## Pairs from outside\n",
    outsidersSection(outside, reasons.outsiders),
    "## Pairs by auditors\n",
    auditorsSection(audited, reasons.auditors, reasons.auditorsAlarms),
    "## What is not found\n",
    table(
      ["Pair", "Control", "What is wrong", "Why it is not found"],
      missed.map(({ twin }) =>
        row(twin.id, `${twin.source}: ${twin.control}`, twin.what, reasons.missed[twin.id]!),
      ),
    ),
    "## False alarms\n",
    table(
      ["Pair", "Control", "Rules that fail for the good one", "Why"],
      alarmed.map(({ twin, falseAlarms }) =>
        row(
          twin.id,
          `${twin.source}: ${twin.control}`,
          [...new Set(falseAlarms.map(({ rule }) => `\`${rule}\``))].join(", "),
          reasons.falseAlarms[twin.id]!,
        ),
      ),
    ),
    "## Found by a scanner and not by the pack\n",
    table(["Check", "What it asks", "Pairs", "Which", "Why"], groups("onlyScanner", onlyScanner)),
    "## Found by the pack and not by a scanner\n",
    table(
      ["Scanner", "Area", "Pairs", "Which", "Why"],
      onlyPack.map(({ scanner, area, twins }) =>
        row(scanner, area, twins.length, some(twins), reasons.onlyPack[`${scanner} ${area}`]!),
      ),
    ),
    "## Found by a scanner on a well-configured twin, and not by the pack\n",
    table(["Check", "What it asks", "Twins", "Which", "Why"], groups("good", good)),
    "## Each pair that a scanner does not tell apart\n",
    "What each scanner answered, from its own report: that it finds nothing, the same in both, or does not read such a resource.\n",
    eachCase(judgements, hits),
  ].join("\n");
}
