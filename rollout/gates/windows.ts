/** Seconds that a measurement looks back at least: four scrapes at the ServiceMonitors' 15 s, of which a rate needs two. */
const SHORTEST_WINDOW = 60;
/** Longer, and what was wrong before would hide what is right now, and the other way round. */
const LONGEST_WINDOW = 300;

/** Seconds for which a pod that is gone still counts as the slot's, where nobody says since when its present tenant is asked. */
export const PRESENT_SECONDS = SHORTEST_WINDOW;

/**
 * @param interval of the step, in seconds
 * @param watched seconds for which the candidate has been asked: before, the slot was somebody else's
 * @returns `windowSeconds` of its measurements
 */
export function measuringWindow(interval: number, watched = interval): number {
  return Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, Math.round(Math.min(interval, watched))));
}
