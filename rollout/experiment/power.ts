import { reach } from "./sequential-test";

/** How often a test ends how, and after how many users on average. */
export interface OperatingCharacteristics {
  /** Probability that the test finds the candidate better at one of the looks. */
  readonly superior: number;
  /** Probability that it finds it worse. */
  readonly inferior: number;
  /** Probability that it stops because a relevant gain is ruled out. */
  readonly futile: number;
  /** Users of both arms until the test stops; the last look stops every test. */
  readonly meanUsers: number;
}

export interface TestDesign {
  /** Variance of one observation in each arm. */
  readonly variance: { readonly live: number; readonly candidate: number };
  /** Share of users of the candidate, between 0 and 1. */
  readonly share: number;
  readonly alpha: number;
  /** τ², of `bestMixture`. */
  readonly mixture: number;
  /** Users of both arms at the looks, ascending. */
  readonly looks: readonly number[];
  /** Gain below which the test stops as futile once larger ones are ruled out; without it no test does. */
  readonly minimumEffect?: number;
}

/** Points of the grid on which the density of the tests that go on is followed, and of those that stop: odd numbers. */
const GOING_ON = 101;
const STOPPED = 41;
/** Standard deviations around its mean that a density is followed for. */
const REACH = 7;

/** Variance of the difference's estimate with so many users. */
export function varianceAt(
  users: number,
  { variance, share }: Pick<TestDesign, "variance" | "share">,
): number {
  return variance.live / (users * (1 - share)) + variance.candidate / (users * share);
}

/**
 * What becomes of the test if the true difference is `effect` (positive: the candidate is better).
 *
 * The score S = θ̂/V is followed from look to look: its increments are independent and normal with mean θ·ΔI and variance ΔI,
 * I = 1/V being the information (C. Jennison, B. Turnbull, "Group Sequential Methods with Applications to Clinical Trials",
 * 2000, chapter 19; recursive integration of P. Armitage, C. McPherson, B. Rowe, JRSS A 132, 1969). Looking in between finds
 * differences a little earlier and a little more often.
 */
export function operatingCharacteristics(design: TestDesign, effect: number): OperatingCharacteristics {
  const { looks, alpha, mixture, minimumEffect } = design;
  let state: Density = { points: Float64Array.of(0), weights: Float64Array.of(1) };
  let before = 0;
  const total = { superior: 0, inferior: 0, futile: 0, meanUsers: 0 };
  for (const [k, users] of looks.entries()) {
    const variance = varianceAt(users, design);
    const information = 1 / variance;
    const half = reach(variance, mixture, alpha);
    const upper = half * information;
    const futileBelow = minimumEffect === undefined ? -Infinity : (minimumEffect - half) * information;
    const bounds = { inferior: -upper, lower: Math.max(-upper, futileBelow), upper };
    const { next, above, below, futile } = step(state, information - before, effect, bounds);
    const stopped = k === looks.length - 1 ? above + below + futile + mass(next) : above + below + futile;
    total.superior += above;
    total.inferior += below;
    total.futile += futile;
    total.meanUsers += stopped * users;
    state = next;
    before = information;
  }
  return total;
}

/** A density on points, each with the mass that it stands for. */
interface Density {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

interface Bounds {
  readonly inferior: number;
  readonly lower: number;
  readonly upper: number;
}

const mass = ({ weights }: Density) => weights.reduce((sum, weight) => sum + weight, 0);

function step(state: Density, added: number, effect: number, { inferior, lower, upper }: Bounds) {
  const drift = effect * added;
  const deviation = Math.sqrt(added);
  const low = state.points[0]! + drift - REACH * deviation;
  const high = state.points.at(-1)! + drift + REACH * deviation;
  const part = (from: number, to: number, grid = STOPPED) =>
    propagated(state, { drift, deviation, from: Math.max(low, from), to: Math.min(high, to), grid });
  return {
    next: part(lower, upper, GOING_ON),
    above: mass(part(upper, Infinity)),
    below: mass(part(-Infinity, inferior)),
    futile: mass(part(inferior, lower)),
  };
}

interface Propagation {
  readonly drift: number;
  readonly deviation: number;
  readonly from: number;
  readonly to: number;
  readonly grid: number;
}

/** The density one look later between two bounds, by Simpson's rule. */
function propagated(state: Density, { drift, deviation, from, to, grid }: Propagation): Density {
  if (!(to > from)) return { points: Float64Array.of(from), weights: Float64Array.of(0) };
  const width = (to - from) / (grid - 1);
  const scale = width / (3 * deviation * Math.sqrt(2 * Math.PI));
  const points = new Float64Array(grid);
  const weights = new Float64Array(grid);
  for (let i = 0; i < grid; i++) {
    points[i] = from + i * width;
    let density = 0;
    for (let j = 0; j < state.points.length; j++) {
      const z = (points[i]! - state.points[j]! - drift) / deviation;
      density += state.weights[j]! * Math.exp(-0.5 * z * z);
    }
    const simpson = i === 0 || i === grid - 1 ? 1 : i % 2 === 1 ? 4 : 2;
    weights[i] = density * scale * simpson;
  }
  return { points, weights };
}
