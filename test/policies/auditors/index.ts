import { readFileSync } from "node:fs";
import { join } from "node:path";
import { failures } from "../corpus/measure";

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  /** What other resources of the pair refer to it by. */
  readonly outputs?: Record<string, unknown>;
}

/** A pair as its author wrote it: stacks in full, of which one has a flaw. */
export interface AuditorsPair {
  readonly id: string;
  readonly area: string;
  readonly what: string;
  readonly control: string;
  /** Name of the resource that is at fault. */
  readonly subject: string;
  readonly bad: readonly Declared[];
  readonly good: readonly Declared[];
}

interface File {
  /** Each resource once: most pairs share theirs. */
  readonly resources: readonly Declared[];
  readonly pairs: readonly (Omit<AuditorsPair, "bad" | "good"> & {
    readonly bad: readonly number[];
    readonly good: readonly number[];
  })[];
}

const pairsOf = ({ resources, pairs }: File): AuditorsPair[] =>
  pairs.map(({ bad, good, ...pair }) => ({
    ...pair,
    bad: bad.map((index) => resources[index]!),
    good: good.map((index) => resources[index]!),
  }));

const FILES = ["", "second-", "third-"].flatMap((visit) => [`${visit}aws`, `${visit}kubernetes`]);

/** Pairs by people who know the controls and had not seen the pack, its rules or its corpus. */
export const auditorsPairs: readonly AuditorsPair[] = FILES.flatMap((name) =>
  // Read and not imported: the compiler would work out the type of two megabytes.
  pairsOf(JSON.parse(readFileSync(join(__dirname, `${name}.json`), "utf8")) as File),
);

/** What the pack says of a pair. */
export interface AuditorsJudgement {
  readonly pair: AuditorsPair;
  /** Rules that fail in the stack with the flaw, and not in the other. */
  readonly detectedBy: readonly string[];
  /** Rules that fail for the subject without a flaw, or anywhere in its stack and are mandatory. */
  readonly falseAlarms: readonly string[];
}

const failuresOf = (declared: readonly Declared[]) =>
  failures(declared.map((one) => ({ ...one, outputs: { ...one.props, ...one.outputs } })));

const unique = (failed: readonly { rule: string }[]): string[] => [
  ...new Set(failed.map(({ rule }) => rule)),
];

export async function judgePair(pair: AuditorsPair): Promise<AuditorsJudgement> {
  const [bad, good] = [await failuresOf(pair.bad), await failuresOf(pair.good)];
  const before = new Set(good.map(({ rule, name }) => `${rule} ${name}`));
  return {
    pair,
    detectedBy: unique(bad.filter(({ rule, name }) => !before.has(`${rule} ${name}`))),
    falseAlarms: unique(
      good.filter(({ name, enforcement }) => enforcement === "mandatory" || name === pair.subject),
    ),
  };
}
