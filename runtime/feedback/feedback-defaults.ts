/** What `feedback` in `model.json` leaves out; a test ties each to its `@default`. Seconds and bytes. */
export const FEEDBACK_DEFAULTS = {
  threshold: 0.5,
  retentionSeconds: 86_400,
  maxPredictions: 10_000,
  maxBytes: 16_777_216,
  sampleRatio: 1,
  windowSeconds: 86_400,
  windowSamples: 10_000,
  maxValues: 20,
} as const;

/** Segments that a model may have: each multiplies what is computed and exported. */
export const MOST_SEGMENTS = 5;
