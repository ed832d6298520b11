import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readNotification } from "../../../runtime/retraining/alert-notification";
import { alert, notification } from "./support";

const body = (alerts: unknown, version: unknown = "4") => JSON.stringify({ version, alerts });
const { labels: _, ...unlabelled } = alert();

describe("readNotification", () => {
  it("reads what Alertmanager sends", () => {
    const resolved = alert({ status: "resolved", annotations: {} });
    assert.deepEqual(readNotification(notification(alert(), resolved)), [alert(), resolved]);
  });

  it("takes times as Go prints them, to the millisecond", () => {
    const startsAt = "2018-08-03T09:52:26.739266876+02:00";
    const [read] = readNotification(notification(alert({ startsAt })));
    assert.equal((read as { startsAt: string }).startsAt, "2018-08-03T07:52:26.739Z");
  });

  const refused: [string, string, string][] = [
    ["no JSON", "{", "The body is not JSON."],
    ["nothing", "", "The body is not JSON."],
    ["depth without end", "[".repeat(200_000), "The body is not JSON."],
    ["a list", "[]", "The body must be an object, as Alertmanager's webhook sends it."],
    [
      "another version",
      body([], "5"),
      '`version` ("5") must be "4", the version of Alertmanager\'s webhook that is understood here.',
    ],
    [
      "no version",
      "{}",
      '`version` (missing) must be "4", the version of Alertmanager\'s webhook that is understood here.',
    ],
    ["no alerts", body(undefined), "`alerts` must be a list."],
    [
      "too many alerts",
      body(Array(1001).fill(alert())),
      "`alerts` has 1001 entries, more than 1000; `max_alerts` of the receiver limits them.",
    ],
    ["an alert that is none", body([alert(), null]), "`alerts[1]` must be an object."],
    [
      "an unknown status",
      body([alert({ status: "suppressed" as "firing" })]),
      '`alerts[0].status` ("suppressed") must be "firing" or "resolved".',
    ],
    ["no labels", body([unlabelled]), "`alerts[0].labels` must be an object of texts."],
    [
      "labels that are no texts",
      body([{ ...alert(), labels: { model: 1 } }]),
      "`alerts[0].labels` must be an object of texts.",
    ],
    [
      "annotations that are no texts",
      body([{ ...alert(), annotations: ["a"] }]),
      "`alerts[0].annotations` must be an object of texts.",
    ],
    [
      "no time",
      body([alert({ startsAt: "yesterday" })]),
      '`alerts[0].startsAt` ("yesterday") must be a time as in "2025-01-31T12:00:00Z".',
    ],
    [
      "a time that there is not",
      body([alert({ startsAt: "2025-13-31T12:00:00Z" })]),
      '`alerts[0].startsAt` ("2025-13-31T12:00:00Z") must be a time as in "2025-01-31T12:00:00Z".',
    ],
    [
      "a fingerprint with a line in it",
      body([alert({ fingerprint: "a\nb" })]),
      '`alerts[0].fingerprint` ("a\\nb") must be 1 to 128 letters and digits.',
    ],
    [
      "a fingerprint without end",
      body([alert({ fingerprint: "a".repeat(500) })]),
      `\`alerts[0].fingerprint\` ("${"a".repeat(56)}...) must be 1 to 128 letters and digits.`,
    ],
  ];
  for (const [what, json, sentence] of refused)
    it(`refuses ${what}`, () => assert.equal(readNotification(json), sentence));

  it("answers whatever it is sent with a sentence or with alerts", () => {
    const nearly = fc.record(
      {
        version: fc.constantFrom("4", 4, null),
        alerts: fc.array(
          fc.record(
            {
              status: fc.constantFrom("firing", "resolved", "x"),
              labels: fc.oneof(
                fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())),
                fc.anything(),
              ),
              annotations: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.anything()),
              startsAt: fc.oneof(fc.constant("2025-01-31T12:00:00Z"), fc.string(), fc.anything()),
              fingerprint: fc.oneof(fc.stringMatching(/^[0-9a-f]{16}$/), fc.anything()),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          nearly.map((value) => JSON.stringify(value) ?? ""),
        ),
        (text) => {
          const read = readNotification(text);
          if (typeof read === "string") assert.match(read, /\.$/);
          else for (const { startsAt } of read) assert.ok(Number.isFinite(Date.parse(startsAt)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
