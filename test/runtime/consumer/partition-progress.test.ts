import assert from "node:assert/strict";
import fc from "fast-check";
import { PartitionProgress, Progress } from "../../../runtime/consumer/partition-progress";

const committable = (progress: Progress) =>
  [...progress.committable()].map(({ name, offset }) => [name, offset]);

describe("PartitionProgress", () => {
  it("commits only what is contiguous, whatever the order in which messages are done", () => {
    const progress = new PartitionProgress();
    for (const offset of [5n, 6n, 7n]) assert.equal(progress.start(offset), true);
    progress.finish(7n);
    assert.equal(progress.committable(), undefined);
    progress.finish(5n);
    assert.equal(progress.committable(), 6n);
    progress.finish(6n);
    assert.equal(progress.committable(), 8n);
    progress.hasCommitted(8n);
    assert.equal(progress.committable(), undefined);
  });

  it("passes over offsets that never come, as compaction leaves them", () => {
    const progress = new PartitionProgress();
    progress.start(1n);
    progress.start(9n);
    progress.finish(1n);
    progress.finish(9n);
    assert.equal(progress.committable(), 10n);
  });

  it("takes no message twice, in flight or done", () => {
    const progress = new PartitionProgress();
    progress.start(3n);
    assert.equal(progress.start(3n), false);
    progress.finish(3n);
    assert.equal(progress.start(3n), false);
    assert.equal(progress.start(2n), false);
    assert.equal(progress.start(4n), true);
  });

  it("never commits past a message that is open", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39)), (count, finished) => {
        const progress = new PartitionProgress();
        for (let i = 0; i < count; i++) progress.start(BigInt(i));
        const done = new Set<number>();
        for (const i of finished.filter((i) => i < count)) {
          done.add(i);
          progress.finish(BigInt(i));
          const next = Number(progress.committable() ?? 0n);
          for (let below = 0; below < next; below++) assert.ok(done.has(below));
          assert.ok(!done.has(next));
        }
      }),
    );
  });
});

describe("Progress", () => {
  it("forgets what it loses, and says what it gains", () => {
    const progress = new Progress();
    assert.equal(progress.assign(["t:0", "t:1"]), true);
    const lost = progress.of("t:1")!;
    lost.start(4n);
    progress.of("t:0")!.start(1n);
    assert.equal(progress.assign(["t:0"]), false);
    lost.finish(4n);
    assert.deepEqual(committable(progress), []);
    progress.of("t:0")!.finish(1n);
    assert.deepEqual(committable(progress), [["t:0", 2n]]);
    assert.equal(progress.of("t:1"), undefined);
    // Back again: what was known of it is another consumer's by now.
    assert.equal(progress.assign(["t:0", "t:1"]), true);
    assert.equal(progress.of("t:1")!.start(4n), true);
  });
});
