import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { PrometheusApi } from "../../../dashboards/pictures/prometheus-api";
import type { LoadedGroup } from "../../support/loaded-rules";
import { metricsIn } from "./metric-names";
import { operandsOf } from "./operands";

/** An expression that must have series. */
export interface Question {
  /** The panel or the rule that it stands in. */
  readonly of: string;
  readonly promql: string;
}

/** What the rules need to have series. */
export const questionsOf = (groups: readonly LoadedGroup[]): Question[] =>
  groups.flatMap(({ name: group, rules }) =>
    rules.flatMap(({ name, query }) =>
      operandsOf(query).map((promql) => ({ of: `${group}, ${name}`, promql })),
    ),
  );

/**
 * The questions without those about metrics that are not here.
 * @param reasons why there are none, by what their names begin with; one that is about no question is a mistake
 */
export function answerable(
  questions: readonly Question[],
  reasons: Readonly<Record<string, string>>,
): Question[] {
  const asked = new Set(questions.flatMap(({ promql }) => metricsIn(promql)));
  const beginnings = Object.keys(reasons);
  for (const beginning of beginnings)
    assert.ok(
      [...asked].some((metric) => metric.startsWith(beginning)),
      `no question is about ${beginning}…`,
    );
  return questions.filter(({ promql }) =>
    metricsIn(promql).every((metric) => !beginnings.some((beginning) => metric.startsWith(beginning))),
  );
}

/**
 * Asks until every question has had series once; says which have not.
 * @param turn what is done each time before they are asked
 */
export async function untilAnswered(
  prometheus: PrometheusApi,
  questions: readonly Question[],
  patienceMs: number,
  turn: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  // Rules of one service ask much of the same.
  let waiting = [...new Map(questions.map((each) => [each.promql, each])).values()];
  for (const deadline = Date.now() + patienceMs; ; await sleep(2_000)) {
    await turn();
    const answers = await Promise.all(waiting.map(({ promql }) => prometheus.instant(promql)));
    waiting = waiting.filter((_, i) => answers[i]!.length === 0);
    if (waiting.length === 0) return;
    assert.ok(Date.now() < deadline, waiting.map(({ of, promql }) => `${of}: ${promql}`).join("\n"));
  }
}
