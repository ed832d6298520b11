import assert from "node:assert/strict";
import { Problems } from "../../../components/internal/validation";
import { checkObjectives, resolveObjectives, type Objectives } from "../../../components/serving/objectives";
import { REQUEST_BOUNDS } from "../../../runtime/metrics/histogram";
import { REQUEST_DURATION_BOUNDS } from "../../../runtime/contract";

function refuse(objectives: Objectives, watched = true): void {
  const problems = new Problems("InferenceService", "text");
  checkObjectives(objectives, watched, problems);
  problems.throwIfAny();
}
const GOOD = { availability: { percent: 99.9 } };

describe("objectives", () => {
  it("have a window of 30 days unless they say otherwise", () => {
    assert.deepEqual(resolveObjectives(GOOD), { ...GOOD, windowDays: 30, minimumFailures: 10 });
    assert.equal(resolveObjectives({ ...GOOD, windowDays: 7 }).windowDays, 7);
  });

  it("take every bound of the server's histogram", () => {
    assert.deepEqual([...REQUEST_BOUNDS], REQUEST_DURATION_BOUNDS);
    for (const seconds of REQUEST_DURATION_BOUNDS) refuse({ latency: { percent: 99, seconds } });
    for (const windowDays of [1, 90]) refuse({ ...GOOD, windowDays });
  });

  const wrong: [Objectives, string][] = [
    [
      { availability: { percent: 100 } },
      "`objectives.availability.percent`: 100 leaves no budget: every single failure would break the promise; try 99.9",
    ],
    [
      { availability: { percent: 50 } },
      "`objectives.availability.percent`: 50 must be more than 50 and less than 100: percent of requests, as in 99.9",
    ],
    [
      { availability: { percent: 0.999 } },
      "`objectives.availability.percent`: 0.999 must be more than 50 and less than 100: percent of requests, as in 99.9",
    ],
    [
      { latency: { percent: 99, seconds: 0.3 } },
      "`objectives.latency.seconds`: 0.3 is no bound of the server's histogram, which cannot tell what was faster; the nearest are 0.25 and 0.315",
    ],
    [
      { latency: { percent: 99, seconds: 90 } },
      "`objectives.latency.seconds`: 90 is no bound of the server's histogram, which cannot tell what was faster; the nearest are 63",
    ],
    [
      { latency: { percent: 99, seconds: 0 } },
      `\`objectives.latency.seconds\`: 0 must be one of ${REQUEST_DURATION_BOUNDS.join(", ")} (seconds)`,
    ],
    [{ ...GOOD, windowDays: 91 }, "`objectives.windowDays`: 91 must be whole days from 1 to 90"],
    [{ ...GOOD, windowDays: 0.5 }, "`objectives.windowDays`: 0.5 must be whole days from 1 to 90"],
    [{ ...GOOD, minimumFailures: 0 }, "`objectives.minimumFailures`: 0 must be a whole number >= 1"],
    [{}, "`objectives`: must have `availability`, `latency` or both"],
    [
      { ...GOOD, window: 30 } as Objectives,
      "`objectives.window`: does not exist; there are availability, latency, windowDays, minimumFailures",
    ],
  ];
  for (const [objectives, message] of wrong) {
    it(`refuse ${JSON.stringify(objectives)}`, () => {
      assert.throws(() => refuse(objectives), { message: `InferenceService "text": ${message}` });
    });
  }

  it("need somebody who reads the metrics", () => {
    assert.throws(() => refuse(GOOD, false), {
      message:
        'InferenceService "text": `objectives`: cannot be kept an eye on: nobody reads the server\'s metrics; give `scrapers`, or let the stack have `monitoring`',
    });
  });
});
