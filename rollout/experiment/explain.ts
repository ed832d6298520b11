import { MINIMUM_PER_ARM, type Decision, type ExperimentState, type StopRules } from "./decision";

const shown = (value: number) => String(Number(value.toPrecision(4)));

const WORDS: Readonly<Record<Exclude<Decision, "guardrail">, (rules: StopRules) => string>> = {
  superior: () => "the candidate is better",
  inferior: () => "the candidate is worse",
  futile: ({ minimumEffect }) => `a gain of ${shown(minimumEffect!)} is ruled out`,
  undecided: ({ maximumUsers }) => `all ${maximumUsers} users were seen, the difference is unclear`,
};

function wordsOf({ decision, unproven }: ExperimentState, rules: StopRules): string {
  if (unproven !== undefined) {
    const names = unproven.map((name) => `\`${name}\``).join(", ");
    const end = decision === null ? "" : `all ${rules.maximumUsers} users were seen, `;
    return `${end}the candidate is better, but whether it harms is not known of ${names}`;
  }
  return decision === null || decision === "guardrail" ? "still unclear" : WORDS[decision](rules);
}

/** Where an experiment stands, in a sentence with its numbers. */
export function explained(state: ExperimentState, rules: StopRules): string {
  const { users, look, breach } = state;
  if (breach !== undefined) {
    const { name, worseBy, atLeast, tolerance } = breach;
    return `\`${name}\` is worse by ${shown(worseBy)}, at least ${shown(atLeast)}; tolerated is ${shown(tolerance)}`;
  }
  if (look === null) {
    const minimum = rules.minimumPerArm ?? MINIMUM_PER_ARM;
    return `${users.live} users of live and ${users.candidate} of the candidate: the first look is at ${minimum} each`;
  }
  const words = wordsOf(state, rules);
  const { estimate, low, high, pValue } = look;
  return `${words}: gain ${shown(estimate)}, between ${shown(low)} and ${shown(high)} after ${users.live + users.candidate} users (p ${shown(pValue)})`;
}
