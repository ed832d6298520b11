import { planExperiment, type ExperimentQuestion } from "../rollout/experiment/plan";
import type { StopRules } from "../rollout/experiment/decision";
import type { BenchContext } from "./context";
import { exponential, shareOf, simulate, yesOrNo, type Population } from "./experiment-simulation";
import type { Figure } from "./figure";
import { seededNumbers } from "./seeded";
import { confidenceInterval } from "./statistics";

const EXPERIMENTS = 5000;
const QUICK_EXPERIMENTS = 20;

interface Case {
  readonly name: string;
  readonly question: ExperimentQuestion;
  readonly live: Population["live"];
  /** With the smallest effect that matters. */
  readonly better: Population["candidate"];
  /** @default "higher" */
  readonly direction?: StopRules["better"];
}

const CASES: readonly Case[] = [
  {
    name: "share of 20 %, +5 points, half of the users",
    question: { baseline: { kind: "proportion", share: 0.2 }, minimumEffect: 0.05 },
    live: yesOrNo(0.2),
    better: yesOrNo(0.25),
  },
  {
    name: "share of 5 %, +2 points, a tenth of the users",
    question: { baseline: { kind: "proportion", share: 0.05 }, minimumEffect: 0.02, percent: 10 },
    live: yesOrNo(0.05),
    better: yesOrNo(0.07),
  },
  {
    name: "share of 1 %, -0.5 points, a twentieth of the users",
    question: { baseline: { kind: "proportion", share: 0.01 }, minimumEffect: 0.005, percent: 5 },
    live: yesOrNo(0.01),
    better: yesOrNo(0.005),
    direction: "lower",
  },
  {
    name: "share of 99 %, +0.5 points, a twentieth of the users",
    question: { baseline: { kind: "proportion", share: 0.99 }, minimumEffect: 0.005, percent: 5 },
    live: yesOrNo(0.99),
    better: yesOrNo(0.995),
  },
  {
    name: "mean of an exponential, +10 %, half of the users",
    question: { baseline: { kind: "mean", standardDeviation: 1.1 }, minimumEffect: 0.1 },
    live: exponential(1),
    better: exponential(1.1),
  },
];

/**
 * Experiments on simulated users, looked at after every single one: how often a difference is found where there is none, how
 * often the smallest that matters is found, and after how many users; beside them a z-test that is repeated as often.
 */
export function benchExperiment({ quick }: Pick<BenchContext, "quick">): Figure[] {
  const experiments = quick ? QUICK_EXPERIMENTS : EXPERIMENTS;
  return CASES.flatMap((one, i) => [
    ...withoutDifference(one, experiments, seededNumbers(1000 + i)),
    ...withDifference(one, experiments, seededNumbers(2000 + i)),
  ]);
}

function populationOf({ name, question, live }: Case, candidate: Population["candidate"]): Population {
  return { name, kind: question.baseline.kind, share: (question.percent ?? 50) / 100, live, candidate };
}

function endings(population: Population, rules: StopRules, experiments: number, random: () => number) {
  return Array.from({ length: experiments }, () => simulate(population, rules, random));
}

function withoutDifference(one: Case, experiments: number, random: () => number): Figure[] {
  const plan = planExperiment(one.question);
  const population = populationOf(one, one.live);
  // Without the stop for futility the test looks on to the last user: the most that it can err.
  const rules: StopRules = { ...plan, minimumEffect: undefined, better: one.direction ?? "higher" };
  const ends = endings(population, rules, experiments, random);
  const found = ends.filter(({ decision }) => decision === "superior" || decision === "inferior").length;
  const naive = ends.filter(({ naiveFound }) => naiveFound).length;
  const figure = { benchmark: "experiment", measure: `${one.name}: found in vain`, unit: "%" };
  return [
    { ...figure, server: "sequential test", value: shareOf(found, experiments) },
    { ...figure, server: "repeated z-test", value: shareOf(naive, experiments) },
  ];
}

function withDifference(one: Case, experiments: number, random: () => number): Figure[] {
  const plan = planExperiment(one.question);
  const rules: StopRules = { ...plan, better: one.direction ?? "higher" };
  const ends = endings(populationOf(one, one.better), rules, experiments, random);
  const found = ends.filter(({ decision }) => decision === "superior").length;
  const users = ends.map((end) => end.users);
  const mean = users.reduce((sum, each) => sum + each, 0) / experiments;
  const figure = { benchmark: "experiment", server: "sequential test" };
  return [
    { ...figure, measure: `${one.name}: found (stated 80 %)`, value: shareOf(found, experiments), unit: "%" },
    {
      ...figure,
      measure: `${one.name}: users on average (at most ${plan.maximumUsers})`,
      value: { value: mean, ...confidenceInterval(users) },
      unit: "users",
    },
  ];
}
