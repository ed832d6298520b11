import type { PendingSuiteFunction, TestFunction } from "mocha";

const isWanted = process.env.SLIPWAY_TRAFFIC_TESTS === "all";

/**
 * Cases that take minutes and vary what another case of their file shows: `npm run test:traffic` runs them, on the running
 * stack, and the whole suite leaves them out. Looked up at each call: every file of a layer has an `it` and a `describe` of its
 * own, and this module is loaded once.
 */
export const thorough = (...args: Parameters<TestFunction>) => (isWanted ? it : it.skip)(...args);
/** For a whole file. */
export const thoroughly = (...args: Parameters<PendingSuiteFunction>) =>
  (isWanted ? describe : describe.skip)(...args);

/**
 * How many requests a second stand beside what is done to the stack. On a machine of few processors the load is most of what an update
 * waits for; a switch lasts for seconds, in which a lower rate has hundreds of requests under way, too.
 */
export const rateOf = (all: number, fewer: number): number => (isWanted ? all : fewer);
