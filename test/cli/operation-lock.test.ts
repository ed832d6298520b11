import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exclusively } from "../../cli/operation-lock";

describe("exclusively", () => {
  const before_ = process.env.SLIPWAY_STATE_DIR;
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "slipway-lock-"));
    process.env.SLIPWAY_STATE_DIR = dir;
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
    if (before_ === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = before_;
  });

  it("refuses a second run at once and names the first", async () => {
    const startedAt = Date.now();
    await exclusively("up", () =>
      assert.rejects(
        exclusively("down", () => Promise.resolve()),
        {
          message: `another \`slipway up\` (process ${process.pid}) is running; start \`down\` again when it has ended`,
        },
      ),
    );
    assert.ok(Date.now() - startedAt < 2_000);
  });

  it("does what must not wait again and again while it waits", async () => {
    let times = 0;
    let end = () => {};
    const first = exclusively("rollout text", () => new Promise<void>((resolve) => (end = resolve)));
    // Ends the first one on its second turn.
    const again = async () => void (++times === 2 && end());
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await exclusively("rollback text", async () => times, 10_000, again), 2);
    await first;
  });

  it("leaves nothing behind, however the work ends", async () => {
    await assert.rejects(
      exclusively("up", () => Promise.reject(new Error("broken"))),
      /broken/,
    );
    assert.deepEqual(readdirSync(dir), []);
  });

  it("takes over from a run that was killed", async () => {
    const lock = join(dir, "operation.lock");
    mkdirSync(lock);
    // Nobody has touched it for a minute.
    const aMinuteAgo = Date.now() / 1000 - 60;
    utimesSync(lock, aMinuteAgo, aMinuteAgo);
    const gone = { pid: 1, startTime: "0", bootId: "another boot" };
    writeFileSync(join(dir, "operation.owner"), JSON.stringify({ name: "up", process: gone }));
    assert.equal(await exclusively("up", () => Promise.resolve("done")), "done");
  });
});
