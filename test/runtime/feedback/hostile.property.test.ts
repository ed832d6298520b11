import assert from "node:assert/strict";
import fc from "fast-check";
import { ServerError } from "../../../runtime/errors";
import { Feedback } from "../../../runtime/feedback/feedback";
import type { FeedbackConfig } from "../../../runtime/models/model-config-types";

const RULES: FeedbackConfig[] = [
  { output: "y", task: "classification", segments: { country: {} } },
  { output: "y", task: "classification", classes: ["a", "b", "c"] },
  { output: "y", task: "binary", classes: ["no", "yes"] },
  { output: "y", task: "regression" },
];

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(0, 1, 2, true, "a", "yes", [0.1, 0.9], [[0, 1]], null),
  fc.double(),
);
const entry = fc.record(
  {
    requestId: fc.oneof(fc.constantFrom("r0", "r1", "r2"), fc.jsonValue()),
    truth: value,
    prediction: value,
    version: fc.oneof(fc.constantFrom("1", "2", "__proto__"), fc.jsonValue()),
    segment: fc.oneof(fc.dictionary(fc.constantFrom("country", "__proto__", "x"), value), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  entry,
  fc.record({ feedback: fc.oneof(fc.array(entry, { maxLength: 3 }), fc.jsonValue()) }),
);

describe("whatever a client sends as feedback", () => {
  for (const rules of RULES) {
    it(`is counted, or refused with a sentence: ${JSON.stringify(rules)}`, () =>
      fc.assert(
        fc.property(fc.array(body, { maxLength: 8 }), (bodies) => {
          const feedback = new Feedback({
            configOf: () => rules,
            log: { warn: () => undefined } as never,
            clock: { now: () => 0, endOfTurn: (callback) => callback() },
          });
          for (const each of bodies) {
            try {
              const { matched, unmatched, duplicate } = feedback.take("m", each as Record<string, unknown>, {
                version: undefined,
                hasVersion: (version) => version === "1",
              });
              const entries = Array.isArray((each as { feedback?: unknown }).feedback)
                ? (each as { feedback: unknown[] }).feedback.length
                : 1;
              assert.equal(matched + unmatched + duplicate, entries);
            } catch (error) {
              assert.ok(error instanceof ServerError && error.code === "InvalidArgument", String(error));
              assert.match(error.message, /^[`T].*\.$/s);
            }
          }
          for (const { versions } of feedback.models().values()) {
            for (const version of versions.values()) {
              const known = version.read(0).flatMap(({ quality }) => Object.values(quality));
              assert.ok(known.every(Number.isFinite), JSON.stringify(known));
            }
          }
        }),
        { numRuns: 40 },
      ));
  }
});
