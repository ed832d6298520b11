import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { markUsed, removeUnusedKeys } from "../../../toolchain/build/prune";
import { removeScratchFolders, scratchFolder } from "./scratch";

describe("removeUnusedKeys", () => {
  afterEach(removeScratchFolders);

  it("removes other keys of the same name that nobody used for two weeks", () => {
    const folder = scratchFolder();
    const [current, old, running, recent] = [1, 2, 3, 4].map(
      (digit) => `cluster-000000000000000${digit}`,
    ) as [string, string, string, string];
    const others = ["engine-0000000000000002", "cluster-notes", "cluster.lock"];
    const longAgo = new Date(Date.now() - 15 * 24 * 3600 * 1000);
    for (const name of [current, old, running, recent, ...others, `${old}.hA1f`]) {
      mkdirSync(join(folder, name));
      if (name !== recent) markUsed(join(folder, name), longAgo);
    }
    removeUnusedKeys(join(folder, current), [join(folder, running, "bin/kubelet"), "/usr/bin/node"]);
    assert.deepEqual(readdirSync(folder).sort(), [...others, current, running, recent].sort());
  });
});
