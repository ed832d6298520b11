/** What two auditors wrote on a day, and how the pack of that day did. */
export interface Visit {
  readonly day: string;
  readonly rules: number;
  /** Beginning of the ids of its pairs. */
  readonly prefix: string;
  /** What was asked of the authors besides the areas. */
  readonly asked: string;
  /** Pairs that the pack missed when they were judged for the first time, before any rule was added for them. */
  readonly missed: Readonly<Record<"aws" | "k8s", readonly number[]>>;
}

/** Records: they are not to be changed when rules are. */
export const VISITS: readonly Visit[] = [
  {
    day: "2026-11-22",
    rules: 336,
    prefix: "auditor-",
    asked:
      "a third textbook cases, a third unusual spellings, a third faults that lie between several resources",
    missed: {
      aws: [37, 60, 84, 85, 91, 99],
      k8s: [16, 19, 30, 34, 38, 73, 79, 89],
    },
  },
  {
    day: "2026-11-23",
    rules: 377,
    prefix: "auditor-2-",
    asked:
      "common mistakes and subtle ones, also in services that few stacks have (build projects, notebooks, threat detection, stores of secrets)",
    missed: {
      aws: [6, 16, 35, 39, 40, 43, 52, 59, 60, 72, 74, 76, 79, 81, 82, 83, 85, 89, 99],
      k8s: [36, 37, 41, 42, 56, 58, 62, 63, 64, 77, 82, 92, 94, 95, 96, 99],
    },
  },
  {
    day: "2026-11-23",
    rules: 414,
    prefix: "auditor-3-",
    asked:
      "a third textbook cases, a third unusual spellings, a third subtle ones, within the areas that the pack claims",
    missed: { aws: [], k8s: [36, 50] },
  },
];

const missed = new Set(
  VISITS.flatMap((visit) =>
    Object.entries(visit.missed).flatMap(([kind, numbers]) =>
      numbers.map((number) => `${visit.prefix}${kind}-${String(number).padStart(3, "0")}`),
    ),
  ),
);

export const missedAtFirst = (id: string): boolean => missed.has(id);

/** Whose pair it is. */
export function visitOf(id: string): Visit {
  // The latest one first: its prefix begins like that of the first one.
  return VISITS.findLast(({ prefix }) => id.startsWith(prefix))!;
}
