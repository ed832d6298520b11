import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Makes /run empty and loopback work, as on a machine of its own, then becomes the scenario. */
const SETUP = 'mount -t tmpfs none /run && mkdir /run/netns && ip link set lo up && exec "$@"';

describe("ensureEtcd", () => {
  it("keeps a store that it can read and puts aside one that it cannot", function () {
    this.timeout(120_000);
    const state = mkdtempSync("/tmp/slip-");
    try {
      const scenario = [process.execPath, "-r", "tsx/cjs", join(__dirname, "store-scenario.ts")];
      const output = execFileSync(
        "unshare",
        ["--net", "--mount", "--propagation", "private", "sh", "-c", SETUP, "sh", ...scenario],
        { encoding: "utf8", env: { ...process.env, SLIPWAY_STATE_DIR: state }, timeout: 110_000 },
      );
      const { empty, notes, folders } = JSON.parse(output) as {
        empty: Record<string, boolean>;
        notes: string[];
        folders: string[];
      };
      assert.deepEqual(empty, {
        first: true,
        running: false,
        restarted: false,
        damagedDatabase: true,
        damagedLog: true,
      });
      assert.equal(folders.filter((name) => name.startsWith("etcd-unreadable-")).length, 2);
      assert.match(notes[0]!, /^etcd could not read its store, which was moved to \/tmp\/slip-/);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });
});
