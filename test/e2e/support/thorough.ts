const isWanted = process.env.SLIPWAY_TRAFFIC_TESTS === "all";

/**
 * Cases that take minutes and vary what another case of their file shows: `npm run test:traffic` runs them, on the running
 * stack, and the whole suite leaves them out.
 */
export const thorough = isWanted ? it : it.skip;
/** For a whole file. */
export const thoroughly = isWanted ? describe : describe.skip;
