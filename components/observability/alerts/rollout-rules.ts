import type { Slot, Strategy } from "../../../rollout/declaration";
import { STRATEGY_DEFAULTS } from "../../../rollout/defaults";
import { stepsOf } from "../../../rollout/steps";
import { METRIC } from "../../../runtime/contract";
import { alerting, duration, recording, ruleGroup, selector, type Alert, type RuleGroup } from "./rule";
import { ownLabels, rolloutLabel, type ServiceScope } from "./service-scope";

const SECONDS = 30;
/** A step may wait for a person or a gate; nobody forgets one for less. */
const LEAST_SECONDS = 3_600;
/** Steps of the usual length that may pass without a move. */
const STEPS = 2;

const WEIGHT = "rollout:slipway_traffic_weight:percent";

/** How a rollout's requests are shared, as the program declared it. */
export interface SharedTraffic {
  readonly strategy: Strategy;
  readonly weights: Readonly<Record<Slot, number>>;
  /** Services of the candidate and of the live slot where Flagger moves the requests, so that the program knows no weights. */
  readonly flagger?: { readonly candidate: string; readonly live: string };
}

/** The share of each slot as a series, and a word to those who forgot a rollout half-way. */
export function rolloutRules(
  scope: ServiceScope,
  traffic: SharedTraffic,
  runbookBaseUrl: string,
): RuleGroup[] {
  const { strategy, weights, flagger } = traffic;
  const patience = flagger ? walkOf(strategy) : patienceOf(strategy);
  const weighed = flagger
    ? []
    : (Object.entries(weights) as [Slot, number][]).map(([slot, weight]) =>
        recording(WEIGHT, `vector(${weight})`, { ...ownLabels(scope), slot }),
      );
  const own = `${WEIGHT}${selector(ownLabels(scope))}`;
  // A step of a walk that goes on begins the wait anew.
  const standing = `min by (namespace, service) (${own} > 0 < 100 unless changes(${own}[5m]) > 0)`;
  const alert = (expr: string): Alert => ({
    name: "SlipwayRolloutStuck",
    severity: "ticket",
    expr,
    for: duration(patience!),
    labels: { ...ownLabels(scope), ...rolloutLabel(scope) },
    ...(flagger
      ? {
          summary: `${scope.service}: Flagger has not ended its analysis for ${duration(patience!)}`,
          description: `Primary and canary of ${scope.namespace}/${scope.service} have both been asked for longer than all steps take: Flagger waits for an approval, or does not run.`,
        }
      : {
          summary: `${scope.service}: traffic has been split between two slots for ${duration(patience!)} without a move`,
          description: `The rollout ${scope.namespace}/${scope.service} (${strategy.kind}) neither goes on nor back: a walk was interrupted, waits for an approval, or was forgotten.`,
        }),
  });
  const stuck =
    patience === undefined
      ? []
      : [alerting(alert(flagger ? bothAsked(scope, flagger) : standing), runbookBaseUrl)];
  if (weighed.length + stuck.length === 0) return [];
  return [ruleGroup(`slipway-${scope.service}-rollout`, SECONDS, [...weighed, ...stuck])];
}

/** Flagger sends requests to its canary only while it judges it. */
function bothAsked(
  { namespace }: ServiceScope,
  { candidate, live }: NonNullable<SharedTraffic["flagger"]>,
): string {
  const asked = (service: string) =>
    `sum(rate(${METRIC.requests}${selector({ namespace, service })}[5m])) > 0`;
  return `${asked(candidate)} and ${asked(live)}`;
}

/** Seconds that all of Flagger's steps may take together, of which Prometheus sees only that they go on: so many and two more. */
function walkOf(strategy: Strategy): number {
  const interval = "interval" in strategy ? strategy.interval : undefined;
  return Math.max(
    LEAST_SECONDS,
    (stepsOf(strategy).length + STEPS) * (interval ?? STRATEGY_DEFAULTS.interval),
  );
}

/** Seconds for which a split may stay as it is; undefined where it may for good, since a person decides. */
function patienceOf(strategy: Strategy): number | undefined {
  switch (strategy.kind) {
    case "canary":
      return Math.max(LEAST_SECONDS, STEPS * (strategy.interval ?? 0));
    case "blueGreen":
      return LEAST_SECONDS;
    case "abTest":
      return strategy.metric && strategy.maxDuration !== undefined
        ? strategy.maxDuration + LEAST_SECONDS
        : undefined;
    case "shadow":
      return undefined;
  }
}
