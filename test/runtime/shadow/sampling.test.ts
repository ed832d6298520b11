import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { inSample } from "../../../runtime/shadow/sampling";

/** The share in percent of ids that are in the sample. */
const shareOf = (ids: readonly string[], percent: number) =>
  (100 * ids.filter((id) => inSample(id, percent)).length) / ids.length;

describe("inSample", () => {
  it("takes the share that it is told, of random ids and of counted ones", () => {
    const counted = Array.from({ length: 20_000 }, (_, i) => `0a1b2c3d4e5f6071-${i.toString(36)}`);
    const random = Array.from({ length: 20_000 }, () => randomUUID());
    for (const percent of [1, 10, 50, 90]) {
      // Five standard deviations of the binomial distribution.
      const most = 5 * Math.sqrt((percent * (100 - percent)) / 20_000);
      for (const ids of [counted, random]) {
        const share = shareOf(ids, percent);
        assert.ok(Math.abs(share - percent) < most, `${share} instead of ${percent}`);
      }
    }
  });

  it("takes all with 100 and none with 0", () => {
    const ids = Array.from({ length: 1000 }, () => randomUUID());
    assert.equal(shareOf(ids, 100), 100);
    assert.equal(shareOf(ids, 0), 0);
  });

  it("decides alike for the same id, and keeps what it took when the share grows", () => {
    for (let i = 0; i < 500; i++) {
      const id = randomUUID();
      assert.equal(inSample(id, 30), inSample(id, 30));
      if (inSample(id, 30)) assert.ok(inSample(id, 31));
    }
  });

  it("decides as in every other version: both slots may run different ones", () => {
    const ids = ["a", "b", "c", "d", "e", "f", "g", "h", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"];
    assert.deepEqual(
      ids.filter((id) => inSample(id, 50)),
      ["a", "c", "e", "g", "h", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
    );
  });
});
