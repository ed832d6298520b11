import { otherSlot, type Slot } from "../declaration";
import type { PrometheusReader, Reading } from "../gates/prometheus-reader";
import { ARMS, type Arm } from "./assignment";
import type { Arms } from "./decision";
import type { ExperimentMetric } from "./declaration";
import { proportion, type ArmSummary } from "./observations";
import { armQueries, type ArmScope } from "./queries";

/** Both arms of a metric, or why nothing can be said of it: as a part of a sentence. */
export type ArmsReading = { readonly arms: Arms } | { readonly nothing: string };

/** Whoever knows what the users of both arms did. Never throws: what cannot be read says why. */
export interface ArmReader {
  /**
   * @param metric of the test, or of one of its harm rules
   * @param name undefined for the metric that decides
   * @param since milliseconds since 1970: when the test began
   * @param now of the clock that says when a look is taken; both arms are asked about the same moment
   */
  read(metric: ExperimentMetric, name: string | undefined, since: number, now: number): Promise<ArmsReading>;
}

/** Arms that Prometheus counts. */
export function prometheusArms(
  reader: PrometheusReader,
  candidate: Slot,
  where: { readonly namespace: string; readonly services: Readonly<Record<Slot, string>> },
): ArmReader {
  const slotOf = (arm: Arm): Slot => (arm === "candidate" ? candidate : otherSlot(candidate));
  return {
    async read(metric, name, since, now) {
      const windowSeconds = Math.max(1, Math.ceil((now - since) / 1000));
      const read = async (arm: Arm): Promise<ArmSummary | { readonly nothing: string }> => {
        const slot = slotOf(arm);
        const scope: ArmScope = {
          slot,
          service: where.services[slot],
          namespace: where.namespace,
          windowSeconds,
        };
        const queries = armQueries(metric, scope);
        if (queries === undefined) {
          const what = name === undefined ? "the metric" : `\`${name}\``;
          return { nothing: `${what} has no \`queries\`; \`--observations\` names a file with its numbers` };
        }
        const { kind, ...asked } = queries;
        const answers = await Promise.all(
          Object.entries(asked).map(async ([key, query]) => [key, await reader.read(query, now)] as const),
        );
        return summaryOf(kind, Object.fromEntries(answers), arm);
      };
      const [live, of] = await Promise.all(ARMS.map(read));
      for (const summary of [live!, of!]) if ("nothing" in summary) return summary;
      return { arms: { live: live as ArmSummary, candidate: of as ArmSummary } };
    },
  };
}

/** One arm's sums as a mean and its variance; a sentence where they cannot be those of anybody. */
export function summaryOf(
  kind: "proportion" | "mean",
  readings: Readonly<Record<string, Reading>>,
  arm: Arm,
): ArmSummary | { readonly nothing: string } {
  const numbers: Record<string, number> = {};
  for (const [key, reading] of Object.entries(readings)) {
    if ("nothing" in reading)
      return { nothing: `\`${key}\` of ${inWords(arm)} cannot be told: ${reading.nothing}` };
    numbers[key] = reading.number;
  }
  // What grew in a window is extrapolated to its edges, so that counts come as fractions.
  const users = Math.round(numbers.users ?? 0);
  if (users < 0) return { nothing: `\`users\` of ${inWords(arm)} is ${users}, which is no count` };
  if (kind === "proportion") {
    const successes = Math.round(numbers.successes ?? 0);
    if (successes < 0 || successes > users)
      return { nothing: `\`successes\` of ${inWords(arm)} is ${successes}, of ${users} users` };
    return proportion(successes, users);
  }
  const { sum = 0, squares = 0 } = numbers;
  const mean = users === 0 ? 0 : sum / users;
  const spread = squares - users * mean * mean;
  // Less than nothing by more than what the digits of large numbers explain.
  if (spread < -1e-6 * Math.max(1, squares))
    return {
      nothing: `\`squares\` of ${inWords(arm)} is ${squares}, less than the sum's square over the users`,
    };
  return { count: users, mean, variance: users < 2 ? 0 : Math.max(0, spread) / (users - 1) };
}

const inWords = (arm: Arm): string => (arm === "live" ? "the live slot" : "the candidate");
