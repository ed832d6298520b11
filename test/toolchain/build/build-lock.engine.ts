import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, utimesSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withBuildLock } from "../../../toolchain/build/build-lock";
import { removeScratchFolders, scratchFolder } from "./scratch";

/** Holds the lock for a while and notes in a file when it entered and left. */
const HOLDER = `
const { appendFileSync } = require("node:fs");
const { withBuildLock } = require(${JSON.stringify(require.resolve("../../../toolchain/build/build-lock"))});
const [folder, log, name, holdMs] = process.argv.slice(1);
const task = { update: (text) => appendFileSync(log, name + " " + text + "\\n"), done() {}, fail() {} };
withBuildLock(folder, "engine", task, async () => {
  appendFileSync(log, name + " enters\\n");
  await new Promise((resolve) => setTimeout(resolve, Number(holdMs)));
  appendFileSync(log, name + " leaves\\n");
});
`;

describe("withBuildLock", function () {
  this.timeout(30_000);
  afterEach(removeScratchFolders);
  const nothing = { update() {}, done() {}, fail() {} };

  function hold(folder: string, log: string, name: string, holdMs: number): ChildProcess {
    const tsx = require.resolve("tsx/cjs");
    return spawn(process.execPath, ["-r", tsx, "-e", HOLDER, folder, log, name, String(holdMs)], {
      stdio: "inherit",
    });
  }
  const lines = (log: string): string[] =>
    existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  const ended = (child: ChildProcess): Promise<unknown> =>
    new Promise((resolve) => child.once("exit", resolve));
  async function until(log: string, line: string): Promise<void> {
    while (!lines(log).includes(line)) await sleep(20);
  }

  it("lets the second process wait, and says for whom", async () => {
    const folder = scratchFolder();
    const log = join(folder, "log");
    const first = hold(folder, log, "first", 2000);
    await until(log, "first enters");
    await ended(hold(folder, log, "second", 0));
    const waits = `second waiting for process ${first.pid}, which is preparing the same (engine), for 10 s now`;
    const seen = lines(log);
    assert.ok(seen.includes(waits));
    assert.ok(seen.indexOf("first leaves") < seen.indexOf("second enters"));
  });

  it("takes over the lock of a process that is gone", async () => {
    const folder = scratchFolder();
    const lock = join(folder, "engine.lock");
    mkdirSync(lock);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    assert.equal(await withBuildLock(folder, "engine", nothing, async () => "done"), "done");
    assert.ok(!existsSync(lock));
  });

  it("gives the lock back when the work fails", async () => {
    const folder = scratchFolder();
    const failing = withBuildLock(folder, "engine", nothing, () => Promise.reject(new Error("no")));
    await assert.rejects(failing, { message: "no" });
    assert.equal(await withBuildLock(folder, "engine", nothing, async () => 1), 1);
  });
});
