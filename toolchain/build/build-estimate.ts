/** What is known of a build while it runs; shares are parts of the whole work, from 0 to 1. */
export interface BuildState {
  readonly programs: number;
  readonly programsDone: number;
  /** Packages compiled so far, in interrupted runs too. */
  readonly packagesDone: number;
  readonly shareDone: number;
  /** What was done already when this run began. */
  readonly shareAtStart: number;
  readonly elapsedSeconds: number;
  /** Of the whole build, on 2 cores. */
  readonly typicalSeconds: number;
}

/** Before this share of the work is done in this run, the machine's own speed is not known well enough. */
const TRUSTED_SHARE = 0.1;

/**
 * The share of a build that is done: by the packages that were compiled, or by the typical time of the programs that are
 * finished where that is more, as it is when compiled packages come from Go's own cache.
 */
export function shareOf(
  packagesDone: number,
  typicalPackages: number,
  secondsDone: number,
  typicalSeconds: number,
): number {
  // What is typical may be exceeded; the last stretch is never done before it is.
  return Math.max(Math.min(packagesDone / typicalPackages, 0.97), secondsDone / typicalSeconds);
}

/** Seconds that are left: by the typical time at first, by this machine's speed as soon as it shows. */
export function secondsLeft({ shareDone, shareAtStart, elapsedSeconds, typicalSeconds }: BuildState): number {
  const typical = typicalSeconds * (1 - shareDone);
  const shareNow = shareDone - shareAtStart;
  return shareNow < TRUSTED_SHARE ? typical : ((1 - shareDone) * elapsedSeconds) / shareNow;
}

/** One line for a person who waits. */
export function describeBuild(state: BuildState, current: string): string {
  const left = describeSeconds(secondsLeft(state));
  const counts = `${state.programsDone} of ${state.programs} programs, ${state.packagesDone} packages`;
  return `${counts}, about ${left} left${current ? `, now ${current}` : ""}`;
}

/** A time as a person says it, e.g. "40 s" or "4 min". */
export function describeSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(10, Math.ceil(seconds / 10) * 10)} s`;
  return `${Math.round(seconds / 60)} min`;
}
