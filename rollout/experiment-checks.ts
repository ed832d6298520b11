import type { AbTestStrategy } from "./declaration";
import type { ExperimentMetric, HarmRule } from "./experiment/declaration";
import { DURATION_BOUNDS } from "./duration-bounds";
import { promqlProblem } from "./gates/promql";

type Report = (path: string, reason: string) => void;

const METRICS: readonly string[] = [
  "errorRate",
  "latency",
  "proportion",
  "mean",
] satisfies ExperimentMetric["kind"][];
const QUERIES = {
  proportion: ["users", "successes"],
  mean: ["users", "sum", "squares"],
} as const;
/** Fields that say something only where a metric decides. */
const OF_A_METRIC = [
  "baseline",
  "minimumEffect",
  "minimumUsers",
  "alpha",
  "power",
  "futility",
  "maxDuration",
  "interval",
  "harm",
  "bandit",
] as const satisfies readonly (keyof AbTestStrategy)[];
const NAME = /^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/i;

/** Ninety days: a test that takes longer compares seasons. */
const LONGEST = 7_776_000;
const MOST_HARM_RULES = 10;
/** Fewer, and no mean is nearly normal. */
const FEWEST_USERS = 50;

/** Everything that is wrong with an A/B test's way to its decision. */
export function experimentProblems(strategy: AbTestStrategy, report: Report): void {
  const { assignment, metric } = strategy;
  if (assignment !== undefined && assignment !== "cookie" && assignment !== "header")
    report("assignment", `"${String(assignment)}" must be one of cookie, header`);
  if (metric === undefined) {
    for (const field of OF_A_METRIC)
      if (strategy[field] !== undefined) report(field, "needs `metric`: without one a person decides");
    return;
  }
  metricProblems(metric, "metric", report);
  numberProblems(strategy, report);
  harmProblems(strategy, report);
  banditProblems(strategy, report);
}

function within(
  value: unknown,
  path: string,
  holds: (value: number) => boolean,
  what: string,
  report: Report,
): boolean {
  if (typeof value === "number" && Number.isFinite(value) && holds(value)) return true;
  report(path, `${String(value)} must be ${what}`);
  return false;
}

function numberProblems(strategy: AbTestStrategy, report: Report): void {
  const { metric, baseline, minimumEffect, alpha, power, minimumUsers, maxDuration, interval, futility } =
    strategy;
  const isShare = metric?.kind !== "mean";
  if (baseline === undefined)
    report(
      "baseline",
      isShare
        ? "must be given: the live slot's share, as in 0.1 for a tenth"
        : "must be given: the standard deviation between users",
    );
  if (minimumEffect === undefined)
    report("minimumEffect", "must be given: the smallest gain that matters, in the metric's unit");
  const hasBaseline =
    baseline !== undefined &&
    within(
      baseline,
      "baseline",
      (value) => value > 0 && (!isShare || value < 1),
      isShare ? "a share between 0 and 1, neither included" : "a number above 0",
      report,
    );
  const hasEffect =
    minimumEffect !== undefined &&
    within(minimumEffect, "minimumEffect", (value) => value > 0, "a number above 0", report);
  if (isShare && hasBaseline && hasEffect && minimumEffect! >= Math.max(baseline!, 1 - baseline!))
    report("minimumEffect", `${minimumEffect} must be less than what a share of ${baseline} can change by`);
  const hasAlpha =
    alpha === undefined ||
    within(alpha, "alpha", (value) => value >= 0.0001 && value <= 0.2, "from 0.0001 to 0.2", report);
  if (power !== undefined && hasAlpha)
    within(power, "power", (value) => value >= 0.5 && value <= 0.99, "from 0.5 to 0.99", report);
  const whole = (value: number | undefined, path: string, least: number, most: number, unit: string) => {
    if (value === undefined) return;
    const what = `whole ${unit} from ${least} to ${most}`;
    within(value, path, (n) => Number.isInteger(n) && n >= least && n <= most, what, report);
  };
  whole(minimumUsers, "minimumUsers", FEWEST_USERS, 10_000_000, "users");
  whole(maxDuration, "maxDuration", 60, LONGEST, "seconds");
  whole(interval, "interval", 5, 86_400, "seconds");
  if (futility !== undefined && typeof futility !== "boolean")
    report("futility", `${String(futility)} must be true or false`);
}

function metricProblems(metric: ExperimentMetric, path: string, report: Report): void {
  const kind: unknown = (metric as Partial<ExperimentMetric> | null)?.kind;
  if (typeof kind !== "string" || !METRICS.includes(kind)) {
    report(`${path}.kind`, `"${String(kind)}" must be one of ${METRICS.join(", ")}`);
    return;
  }
  if (metric.kind === "errorRate") return;
  if (metric.kind === "latency") {
    if (!(DURATION_BOUNDS as readonly unknown[]).includes(metric.slowerThan))
      report(
        `${path}.slowerThan`,
        `${String(metric.slowerThan)} must be one of the seconds that the server counts up to: ${DURATION_BOUNDS.join(", ")}`,
      );
    return;
  }
  const { better, queries } = metric;
  if (better !== undefined && better !== "higher" && better !== "lower")
    report(`${path}.better`, `"${String(better)}" must be one of higher, lower`);
  if (queries === undefined) return;
  if (typeof queries !== "object" || queries === null) {
    report(`${path}.queries`, `must be a map of ${QUERIES[metric.kind].join(", ")}`);
    return;
  }
  const given = queries as Readonly<Record<string, unknown>>;
  const wanted: readonly string[] = QUERIES[metric.kind];
  const unknown = Object.keys(given).filter((key) => !wanted.includes(key));
  for (const key of unknown)
    report(`${path}.queries.${key}`, `does not exist; there are ${wanted.join(", ")}`);
  for (const key of wanted) {
    const query = given[key];
    const problem =
      typeof query === "string" ? queryProblem(query) : "must be PromQL with one number as its result";
    if (problem !== undefined) report(`${path}.queries.${key}`, problem);
  }
}

function queryProblem(query: string): string | undefined {
  const problem = promqlProblem(query);
  if (problem !== undefined) return problem;
  const names = [...query.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name!);
  const other = names.find((name) => name === "live" || name === "liveService");
  if (other !== undefined)
    return `cannot be filled in: {{${other}}} has no meaning where each arm is asked by itself; there are {{slot}}, {{service}}, {{namespace}}, {{window}}`;
  if (names.includes("slot") || names.includes("service")) return undefined;
  return "must name its arm by {{slot}} or {{service}}: as it is, both arms would have the same numbers";
}

function harmProblems({ harm = [] }: AbTestStrategy, report: Report): void {
  if (!Array.isArray(harm)) {
    report("harm", "must be a list");
    return;
  }
  if (harm.length > MOST_HARM_RULES)
    report("harm", `${harm.length} rules must be at most ${MOST_HARM_RULES}: each may stop the test in vain`);
  harm.forEach((rule: HarmRule | null, i) => {
    const path = `harm[${i}]`;
    if (typeof rule !== "object" || rule === null) {
      report(path, "must be a map of name, metric, tolerance");
      return;
    }
    const { name, metric, tolerance } = rule;
    if (typeof name !== "string" || !NAME.test(name))
      report(
        `${path}.name`,
        `"${String(name)}" must be 1 to 30 letters, digits and "-", beginning and ending with neither "-"`,
      );
    const earlier = harm.findIndex((other: HarmRule | null) => other?.name === name);
    if (earlier < i) report(`${path}.name`, `"${name}" is also harm[${earlier}]`);
    metricProblems(metric, `${path}.metric`, report);
    within(tolerance, `${path}.tolerance`, (value) => value >= 0, "a number of at least 0", report);
  });
}

function banditProblems({ bandit, metric, share }: AbTestStrategy, report: Report): void {
  if (bandit === undefined) return;
  if (typeof bandit !== "object" || bandit === null) {
    report("bandit", "must be a map of floor, rebalance, certainty; {} takes their defaults");
    return;
  }
  if (metric?.kind === "mean") report("bandit", "cannot be with a `mean`: it compares shares of users");
  const { floor = 10, rebalance, certainty } = bandit;
  const isFloor = within(
    floor,
    "bandit.floor",
    (value) => Number.isInteger(value) && value >= 1 && value <= 50,
    "a whole number from 1 to 50",
    report,
  );
  const begins = share ?? 50;
  if (isFloor && (begins < floor || begins > 100 - floor))
    report("bandit.floor", `${floor} must leave \`share\` (${begins}) to each arm`);
  if (rebalance !== undefined)
    within(
      rebalance,
      "bandit.rebalance",
      (value) => Number.isInteger(value) && value >= 60 && value <= 86_400,
      "whole seconds from 60 to 86400",
      report,
    );
  if (certainty !== undefined)
    within(
      certainty,
      "bandit.certainty",
      (value) => value >= 0.8 && value < 1,
      "at least 0.8 and less than 1",
      report,
    );
}
