/** Time and the event loop, replaced in tests. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Calls back after `ms`; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back at the end of this turn of the event loop, when all input that has come is read. */
  endOfTurn(callback: () => void): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  endOfTurn: (callback) => void setImmediate(callback),
};
