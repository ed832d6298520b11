import type { Gate, Measuring, Strategy } from "./declaration";
import type { Bandit, ExperimentSettings } from "./experiment/declaration";
import { DEFAULT_SHARE, canaryWeights } from "./steps";

/** Defaults of strategies; a test ties each to its `@default` in declaration.ts. */
export const STRATEGY_DEFAULTS = {
  scaleDownDelay: 600,
  interval: 60,
  affinity: false,
  percent: 100,
  samplePercent: 10,
  compare: {},
  share: DEFAULT_SHARE,
  assignment: "cookie",
} as const;

/** Defaults of an A/B test with a metric; a test ties each to its `@default` in experiment/declaration.ts. */
export const EXPERIMENT_DEFAULTS = {
  better: "higher",
  minimumUsers: 300,
  alpha: 0.05,
  power: 0.8,
  futility: true,
  maxDuration: 1_209_600,
  interval: 60,
  harm: [],
  floor: 10,
  rebalance: 600,
  certainty: 0.95,
} as const;

/** Defaults of gates; a test ties each to its `@default` in declaration.ts. */
export const GATE_DEFAULTS = {
  initialDelay: 0,
  every: 10,
  failureLimit: 0,
  inconclusiveLimit: 3,
  minimumSamples: 0,
  maxPercent: 1,
  quantile: 0.99,
  timeout: 300,
  method: "psi",
  threshold: 0.2,
  segment: "all",
  window: 3600,
} as const;

/** Of gates over feedback: fewer samples than by default say little. */
export const FEEDBACK_SAMPLES = 100;

/** A strategy with every default filled in; a canary's steps are all in `stepWeights`. */
export function resolveStrategy(strategy: Strategy): Strategy {
  switch (strategy.kind) {
    case "blueGreen":
      return { ...strategy, scaleDownDelay: strategy.scaleDownDelay ?? STRATEGY_DEFAULTS.scaleDownDelay };
    case "canary": {
      const { weight: _weight, increment: _increment, maxWeight: _maxWeight, ...rest } = strategy;
      return {
        ...rest,
        stepWeights: canaryWeights(strategy),
        interval: strategy.interval ?? STRATEGY_DEFAULTS.interval,
        affinity: strategy.affinity ?? STRATEGY_DEFAULTS.affinity,
        scaleDownDelay: strategy.scaleDownDelay ?? STRATEGY_DEFAULTS.scaleDownDelay,
      };
    }
    case "shadow":
      return {
        ...strategy,
        percent: strategy.percent ?? STRATEGY_DEFAULTS.percent,
        samplePercent: strategy.samplePercent ?? STRATEGY_DEFAULTS.samplePercent,
        compare: strategy.compare ?? STRATEGY_DEFAULTS.compare,
      };
    case "abTest":
      return {
        ...strategy,
        share: strategy.share ?? STRATEGY_DEFAULTS.share,
        assignment: strategy.assignment ?? STRATEGY_DEFAULTS.assignment,
        ...(strategy.metric === undefined ? {} : resolveExperiment(strategy)),
      };
  }
}

type Decided = "minimumUsers" | "alpha" | "power" | "futility" | "maxDuration" | "interval" | "harm";

/** When a test with a metric looks and stops, with every default filled in. */
export function resolveExperiment(settings: ExperimentSettings): Required<
  Pick<ExperimentSettings, Decided>
> & {
  readonly bandit?: Required<Bandit>;
} {
  const { floor, rebalance, certainty } = EXPERIMENT_DEFAULTS;
  const { bandit } = settings;
  return {
    minimumUsers: settings.minimumUsers ?? EXPERIMENT_DEFAULTS.minimumUsers,
    alpha: settings.alpha ?? EXPERIMENT_DEFAULTS.alpha,
    power: settings.power ?? EXPERIMENT_DEFAULTS.power,
    futility: settings.futility ?? EXPERIMENT_DEFAULTS.futility,
    maxDuration: settings.maxDuration ?? EXPERIMENT_DEFAULTS.maxDuration,
    interval: settings.interval ?? EXPERIMENT_DEFAULTS.interval,
    harm: settings.harm ?? EXPERIMENT_DEFAULTS.harm,
    ...(bandit && {
      bandit: {
        floor: bandit.floor ?? floor,
        rebalance: bandit.rebalance ?? rebalance,
        certainty: bandit.certainty ?? certainty,
      },
    }),
  };
}

const measuring = (gate: Measuring) => ({
  initialDelay: gate.initialDelay ?? GATE_DEFAULTS.initialDelay,
  every: gate.every ?? GATE_DEFAULTS.every,
  failureLimit: gate.failureLimit ?? GATE_DEFAULTS.failureLimit,
  inconclusiveLimit: gate.inconclusiveLimit ?? GATE_DEFAULTS.inconclusiveLimit,
  minimumSamples: gate.minimumSamples ?? GATE_DEFAULTS.minimumSamples,
});

/** A gate with every default filled in. */
export function resolveGate(gate: Gate): Gate {
  switch (gate.kind) {
    case "prometheus":
      return { ...gate, ...measuring(gate) };
    case "errorRate":
    case "comparison":
      return { ...gate, ...measuring(gate), maxPercent: gate.maxPercent ?? GATE_DEFAULTS.maxPercent };
    case "latency":
      return { ...gate, ...measuring(gate), quantile: gate.quantile ?? GATE_DEFAULTS.quantile };
    case "feedback":
      return {
        ...gate,
        ...measuring(gate),
        segment: gate.segment ?? GATE_DEFAULTS.segment,
        window: gate.window ?? GATE_DEFAULTS.window,
        minimumSamples: gate.minimumSamples ?? FEEDBACK_SAMPLES,
      };
    case "job":
      return { ...gate, timeout: gate.timeout ?? GATE_DEFAULTS.timeout };
    case "drift":
      return {
        ...gate,
        method: gate.method ?? GATE_DEFAULTS.method,
        threshold: gate.threshold ?? GATE_DEFAULTS.threshold,
      };
    case "quality":
    case "approval":
      return gate;
  }
}
