/**
 * What the pack of that day told apart when these pairs were judged for the first time, before any rule was added for them.
 * A record: it is not to be changed when pairs or rules are.
 */
export const FIRST = {
  day: "2026-11-22",
  rules: 316,
  told: [27, 29, 32, 37, 44, 48, 59, 60, 63, 64, 68, 70, 72, 76, 77, 78, 79, 82, 89, 90].map(
    (number) => `outside-${String(number).padStart(3, "0")}`,
  ),
  /** Of these, told apart by rules that are about something else which the change touched as well. */
  byChance: ["outside-032", "outside-044", "outside-072"],
} as const;
