/**
 * Cases that take minutes and vary what another case of their file shows: `npm run test:traffic` runs them, on the running
 * stack, and the whole suite leaves them out.
 */
export const thorough = process.env.SLIPWAY_TRAFFIC_TESTS === "all" ? it : it.skip;
