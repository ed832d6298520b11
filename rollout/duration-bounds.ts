/** Bounds of the server's histogram of request durations in seconds; a test holds them equal to the server's. */
export const DURATION_BOUNDS: readonly number[] = [
  ...[0.0001, 0.00025, 0.0005],
  ...[0.001, 0.00125, 0.0016, 0.002, 0.0025, 0.00315, 0.004, 0.005, 0.0063, 0.008],
  ...[0.01, 0.0125, 0.016, 0.02, 0.025, 0.0315, 0.04, 0.05, 0.063, 0.08],
  ...[0.1, 0.125, 0.16, 0.2, 0.25, 0.315, 0.4, 0.5, 0.63, 0.8],
  ...[1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8],
  ...[10, 12.5, 16, 20, 25, 31.5, 40, 50, 63],
];

/** Seconds from which on nothing is told apart: a quantile beyond is given as this. */
export const LAST_BOUND = DURATION_BOUNDS[DURATION_BOUNDS.length - 1]!;
