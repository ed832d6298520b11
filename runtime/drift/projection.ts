import type { Projection } from "./baseline";

/** Directions that a vector is projected onto, where nothing else is said. */
export const DEFAULT_PROJECTIONS = 8;
/** Of the generator, where nothing else is said. */
export const DEFAULT_PROJECTION_SEED = 1;
/** Elements of a vector up to which each is a feature of its own. */
export const MOST_SINGLE_ELEMENTS = 64;

/** Numbers in (0, 1) that are the same in every run: mulberry32, shifted by half a step so that a logarithm takes them. */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Normal numbers of mean 0 and variance 1, by Box and Muller 1958. */
export function seededNormal(seed: number): () => number {
  const uniform = seededUniform(seed);
  let second: number | undefined;
  return () => {
    if (second !== undefined) {
      const kept = second;
      second = undefined;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    second = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * A Gaussian random projection: each direction is drawn from N(0, 1/count), so that lengths and distances are kept on
 * average, and within a factor of 1 ± ε for most vectors, the better the more directions there are. Whatever moves the mean
 * or the spread of the vectors moves those of almost every direction too.
 * @see Johnson, Lindenstrauss 1984; Dasgupta, "Experiments with Random Projection", 2000
 */
export class RandomProjection {
  readonly dimensions: number;
  readonly count: number;
  /** Row-major, one direction a row. */
  private readonly directions: Float64Array;

  constructor({ dimensions, count, seed }: Projection) {
    this.dimensions = dimensions;
    this.count = count;
    const normal = seededNormal(seed);
    const scale = 1 / Math.sqrt(count);
    this.directions = Float64Array.from({ length: dimensions * count }, () => normal() * scale);
  }

  /**
   * Writes the vector's place on each direction.
   * @param values holds the vector from `offset` on @param target at least `count` long
   */
  project(values: ArrayLike<number>, offset: number, target: Float64Array): void {
    const { dimensions, count, directions } = this;
    for (let k = 0, at = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++, at++) sum += values[offset + i]! * directions[at]!;
      target[k] = sum;
    }
  }
}
