import type { ArmSummary } from "./observations";

/**
 * A test that may be looked at after every observation and stopped whenever one likes: the mixture sequential probability
 * ratio test with a normal mixture.
 *
 * With θ̂ the difference of the arms' means and V its estimated variance (s²ₐ/nₐ + s²ᵦ/nᵦ), the likelihood ratio of "the
 * difference is N(0, τ²)" against "it is θ₀" is
 *
 *     Λ(θ₀) = √(V / (V + τ²)) · exp( τ² (θ̂ − θ₀)² / (2 V (V + τ²)) ).
 *
 * If θ₀ is true, Λ is a martingale with mean 1, so that it ever exceeds 1/α with probability at most α (Ville's inequality):
 * min 1/Λ over all looks is a p-value at any time, and the θ₀ with Λ < 1/α are a confidence sequence,
 *
 *     θ̂ ± √( V (V + τ²) / τ² · (2 ln(1/α) + ln((V + τ²) / V)) ).
 *
 * Sources: R. Johari, P. Koomen, L. Pekelis, D. Walsh, "Always Valid Inference: Continuous Monitoring of A/B Tests",
 * Operations Research 70(3), 2022 (arXiv 1512.04922), section 4; H. Robbins, "Statistical methods related to the law of the
 * iterated logarithm", 1970. That it holds for means of any distribution with estimated variances, once there are enough
 * observations in both arms: I. Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy, A. Ramdas, "Time-uniform central limit theory and
 * asymptotic confidence sequences", Annals of Statistics 52(6), 2024 (arXiv 2103.06476). The first look is therefore not
 * taken before there are enough: `minimumPerArm`.
 */
export interface Difference {
  /** Candidate's mean minus the live slot's. */
  readonly estimate: number;
  /** Variance of the estimate. */
  readonly variance: number;
}

export function differenceOf(live: ArmSummary, candidate: ArmSummary): Difference {
  const apart = live.variance / live.count + candidate.variance / candidate.count;
  return {
    estimate: candidate.mean - live.mean,
    variance: Math.max(apart, varianceTogether(live, candidate)),
  };
}

/**
 * Of shares, as if both arms had the same one. An arm in which a rare outcome happens to be rarer still looks surer than it is: its share
 * and the variance that follows from it are too small at once, and the smaller arm would find differences where there are none in more
 * than α of the tests. The other arm knows better. The greater of both variances counts, so that the test is neither less sure of a
 * difference that is there: O. Miettinen, M. Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4, 1985, for the one;
 * A. Agresti, B. Caffo, The American Statistician 54, 2000, for the other. 0 for numbers.
 */
function varianceTogether(live: ArmSummary, candidate: ArmSummary): number {
  if (live.yesOrNo !== true || candidate.yesOrNo !== true) return 0;
  const share = (live.count * live.mean + candidate.count * candidate.mean) / (live.count + candidate.count);
  return share * (1 - share) * (1 / live.count + 1 / candidate.count);
}

/** ln Λ(θ₀). */
export function logLikelihoodRatio(
  { estimate, variance }: Difference,
  mixture: number,
  difference: number,
): number {
  const sum = variance + mixture;
  return 0.5 * Math.log(variance / sum) + (mixture * (estimate - difference) ** 2) / (2 * variance * sum);
}

/** Half the width of the confidence sequence. */
export function reach(variance: number, mixture: number, alpha: number): number {
  const sum = variance + mixture;
  return Math.sqrt(((variance * sum) / mixture) * (2 * Math.log(1 / alpha) + Math.log(sum / variance)));
}

/**
 * The variance τ² of the mixture with which the confidence sequence is narrowest when the estimate's variance is V: with
 * r = τ²/V the width's derivative vanishes at r − ln(1 + r) = 2 ln(1/α), found by Newton's method. It must be fixed before
 * the first look.
 */
export function bestMixture(variance: number, alpha: number): number {
  const target = 2 * Math.log(1 / alpha);
  let ratio = target + Math.log(1 + target);
  for (let i = 0; i < 20; i++) ratio -= ((ratio - Math.log1p(ratio) - target) * (1 + ratio)) / ratio;
  return variance * ratio;
}

/** What is known of the difference after a look. */
export interface Look {
  readonly estimate: number;
  /** Valid at any time: the smallest of all looks so far. */
  readonly pValue: number;
  /** Of the confidence sequence. */
  readonly low: number;
  readonly high: number;
}

/**
 * Looks at the difference.
 * @param mixture τ², of `bestMixture`
 * @param alpha probability of ever finding a difference where there is none
 * @param pValue that of the look before; 1 for the first
 */
export function lookAt(difference: Difference, mixture: number, alpha: number, pValue = 1): Look {
  const { estimate, variance } = difference;
  if (!(variance > 0)) return { estimate, pValue, low: -Infinity, high: Infinity };
  const width = reach(variance, mixture, alpha);
  return {
    estimate,
    pValue: Math.min(pValue, Math.exp(-logLikelihoodRatio(difference, mixture, 0))),
    low: estimate - width,
    high: estimate + width,
  };
}
