import assert from "node:assert/strict";
import { contrast } from "../../support/contrast";
import { ticks, timeScale, timeTicks, scale } from "../../../rollout/record/page/axis";
import { DARK, LIGHT, type Palette } from "../../../rollout/record/page/palette";
import { recordPage } from "../../../rollout/record/page/page";
import { rolloutsOf } from "../../../rollout/record/page/rollouts";
import type { RecordEntry } from "../../../rollout/record/entry";
import { verifyRecord } from "../../../rollout/record/verify";
import { chainOf, KEY } from "./support/record";

function pageOf(entries: readonly RecordEntry[], service = "fraud", head = entries.at(-1)?.hash) {
  return recordPage({ service, entries, head, verification: verifyRecord(entries, KEY.publicKey, head) });
}

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe("recordPage", () => {
  it("says that nothing was switched yet", () => {
    const page = pageOf([]);
    assert.match(page, /Nothing has been switched yet\./);
    assert.equal(occurrences(page, "<svg"), 1, "the hatching alone");
  });

  it("tells of each entry in words and by its hash", () => {
    const [entry] = chainOf(1);
    const page = pageOf([entry!]);
    assert.match(page, /<strong>1\. Step<\/strong> by <bdi>alice@example\.com<\/bdi>/);
    assert.ok(page.includes(`<code>${entry!.hash}</code></td>`));
    assert.ok(
      page.includes(
        '<strong class="passed">passed</strong> <bdi>errors</bdi>: <bdi>0.2 % of 512 requests failed</bdi>',
      ),
    );
  });

  it("says what was verified, and what was not", () => {
    const entries = chainOf(3);
    assert.match(
      pageOf(entries, "fraud", entries[1]!.hash),
      /✓ Verified\.<\/strong> 3 entries: .* 1 came after it\./,
    );
    assert.match(pageOf(entries, "fraud", ""), /No exported head was given/);
    assert.match(
      pageOf(entries.slice(0, 2), "fraud", entries[2]!.hash),
      /✗ Not verified\.<\/strong> The record ends with entry 2/,
    );
  });

  it("draws the candidate's share to scale: 10 of 100 percent are 13 of 130 pixels", () => {
    const page = pageOf(chainOf(1));
    assert.match(page, /M44 148L44 148L522 148L522 135L1000 135L1000 148Z/);
  });

  it("draws a gate's value and its bound", () => {
    const gates = [
      { gate: "errors", verdict: "failed" as const, value: 5, max: 1, reason: "5 %" },
      { gate: "drift", verdict: "inconclusive" as const, value: null, reason: "no data" },
    ];
    const page = pageOf(chainOf(2, () => ({ gates })));
    assert.equal(occurrences(page, "<title>Gate errors over time</title>"), 1);
    assert.equal(occurrences(page, "Gate drift over time"), 0, "nothing was measured");
    assert.equal(occurrences(page, ">max 1</text>"), 1);
    assert.equal(occurrences(page, 'stroke="var(--failed)" stroke-width="2.5"'), 2);
  });

  it("shows hostile texts as text, wherever they come from", () => {
    const evil = `</title><script>alert(1)</script><img src=x onerror="alert(2)">'&\u202e\u001b`;
    const gates = [{ gate: evil, verdict: "failed" as const, value: 1, min: 2, reason: evil }];
    const genuine = chainOf(3, () => ({ by: evil, why: evil, gates }));
    // Not through `appendEntry`, as who writes into the ConfigMap by hand.
    const forged = { ...genuine[2]!, by: evil, at: evil, hash: evil, digests: { blue: evil }, service: evil };
    const page = pageOf([...genuine.slice(0, 2), forged], evil, evil);
    assert.doesNotMatch(page, /<script|<img|onerror="|\u202e/);
    assert.ok(!page.includes("\u001b"));
    assert.equal(occurrences(page, "</title>"), occurrences(page, "<title>"));
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  });

  it("loads nothing, runs nothing, and is the same for the same record", () => {
    const entries = chainOf(40, (i) => ({ action: i % 5 === 0 ? "rollout-started" : "step" }));
    const page = pageOf(entries);
    assert.equal(page, pageOf(entries));
    assert.doesNotMatch(page, /<script|<link|@import|src=|href="(?!#rollout-\d+")|https?:/);
    assert.match(page, /default-src 'none'/);
    assert.doesNotMatch(page, /NaN|undefined|Infinity/);
  });

  it("says first what each rollout was for, and what came of it", () => {
    const entries = chainOf(
      6,
      (i) =>
        [
          { action: "refused", why: "accuracy is 0.71, less than 0.8" } as const,
          { action: "rollout-started", why: "CHG-1" } as const,
          { action: "promoted", why: "CHG-1" } as const,
          { action: "scaled-down", why: "CHG-1" } as const,
          { action: "rollout-started", why: "CHG-2" } as const,
          { action: "rolled-back", why: "the error rate is 5 %, more than 1 %" } as const,
        ][i]!,
    );
    const page = pageOf(entries);
    const [table = ""] = /<tbody>[^]*?<\/tbody>/.exec(page)!;
    const rows = [...table.matchAll(/<tr>(.*)<\/tr>/g)].map(([, row]) =>
      row!
        .replace(/<br>/g, ": ")
        .replace(/<\/td><td[^>]*>/g, " | ")
        .replace(/<[^>]*>/g, ""),
    );
    assert.deepEqual(rows, [
      "3 | 2026-01-31 09:04:00 UTC | alice@example.com | CHG-2 | Rolled back: the error rate is 5 %, more than 1 %",
      "2 | 2026-01-31 09:01:00 UTC | alice@example.com | CHG-1 | Promoted",
      "1 | 2026-01-31 09:00:00 UTC | alice@example.com | accuracy is 0.71, less than 0.8 | Refused by a gate",
    ]);
    // What was tidied up afterwards is no outcome.
    assert.match(page, /id="rollout-2">\n<h2>Rollout 2: promoted<\/h2>/);
  });

  it("tells a step that moves no requests from one that does, and how many are copied", () => {
    const all = { blue: 100, green: 0 };
    const [prepared, copied] = chainOf(2, (i) => ({ from: all, to: all, mirror: i === 1 ? 25 : 0 }));
    assert.deepEqual([prepared!.mirror, copied!.mirror], [undefined, 25]);
    const page = pageOf([prepared!, copied!]);
    assert.match(page, /<strong>1\. Step<\/strong>, no requests moved, by /);
    assert.match(page, /<strong>2\. Step<\/strong>, 25\u00a0% of requests copied, by /);
  });

  it("stays drawable where all entries have one time, and where a time is none", () => {
    const same = chainOf(3, () => ({ at: "2026-01-31T09:00:00.000Z" }));
    assert.doesNotMatch(pageOf(same), /NaN|Infinity/);
    assert.doesNotMatch(pageOf([{ ...same[0]!, at: "yesterday" }, ...same.slice(1)]), /NaN|Infinity/);
  });
});

describe("rolloutsOf", () => {
  const split = (...actions: RecordEntry["action"][]) => {
    const entries = chainOf(actions.length, (i) => ({ action: actions[i]! }));
    return rolloutsOf(entries).map((rollout) => rollout.map(({ sequence }) => sequence));
  };

  it("keeps a rollout's entries together, with what is tidied up after its end", () => {
    assert.deepEqual(
      split("rollout-started", "step", "promoted", "scaled-down", "rollout-started", "aborted"),
      [
        [1, 2, 3, 4],
        [5, 6],
      ],
    );
  });

  it("begins anew after an end, also without a start", () => {
    assert.deepEqual(split("promoted", "rolled-back", "observed"), [[1], [2], [3]]);
    assert.deepEqual(split("scaled-down", "step"), [[1, 2]]);
  });
});

describe("axis", () => {
  it("puts ticks at round numbers", () => {
    assert.deepEqual(ticks(scale(0, 1.15, 0, 100), 4), [0, 0.5, 1]);
    assert.deepEqual(ticks(scale(-3, 7, 0, 100), 5), [-2, 0, 2, 4, 6]);
  });

  it("puts at most so many round times on an axis, from seconds to centuries", () => {
    for (const span of [1, 60, 3600, 86_400, 40 * 86_400, 3_000_000_000]) {
      const found = timeTicks(timeScale([0, span * 1000], 0, 1000), 8);
      assert.ok(found.length >= 1 && found.length <= 9, `${span} s: ${found.length}`);
    }
    const minutes = timeTicks(timeScale([0, 600_000], 0, 1000), 8);
    assert.deepEqual(
      minutes.map(({ text }) => text),
      ["00:00", "00:02", "00:04", "00:06", "00:08", "00:10"],
    );
  });
});

describe("palette", () => {
  const palettes: [string, Palette][] = [
    ["light", LIGHT],
    ["dark", DARK],
  ];
  for (const [name, palette] of palettes) {
    it(`has the contrast that text needs (${name})`, () => {
      for (const text of ["text", "muted", "passed", "failed", "inconclusive"] as const) {
        for (const behind of ["background", "raised"] as const) {
          const ratio = contrast(palette[text], palette[behind]);
          assert.ok(ratio >= 4.5, `${text} on ${behind}: ${ratio.toFixed(2)}`);
        }
      }
      for (const slot of ["blue", "green"] as const) {
        assert.ok(contrast(palette.onSlot, palette[slot]) >= 4.5, `text on ${slot}`);
        assert.ok(contrast(palette[slot], palette.background) >= 3, `${slot} on the page`);
      }
    });
  }
});
