import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolders, layoutAt, type Layout } from "../../../toolchain/cluster/layout";
import {
  assertRunning,
  ensureProcess,
  fingerprintOf,
  readRecord,
  readRecords,
  stopProcess,
  type ProcessSpec,
} from "../../../toolchain/cluster/managed-process";
import { isRunning } from "../../../toolchain/cluster/process-identity";
import { waitFor } from "../../../toolchain/cluster/wait";

describe("ensureProcess", () => {
  let dir: string;
  let layout: Layout;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "slip-"));
    layout = { ...layoutAt(dir), run: join(dir, "run") };
    createFolders(layout);
  });
  afterEach(async () => {
    await Promise.all(readRecords(layout).map((record) => stopProcess(layout, record, 0)));
    rmSync(dir, { recursive: true, force: true });
  });

  const sleeper = (change: Partial<ProcessSpec> = {}): ProcessSpec => ({
    name: "sleeper",
    command: "/bin/sleep",
    args: ["600"],
    network: "host",
    ...change,
  });

  it("starts what is missing and keeps what runs", async () => {
    assert.equal(await ensureProcess(layout, sleeper()), "started");
    const { pid } = readRecord(layout, "sleeper")!;
    assert.equal(await ensureProcess(layout, sleeper()), "kept");
    assert.equal(readRecord(layout, "sleeper")?.pid, pid);
  });

  it("starts anew what was killed", async () => {
    await ensureProcess(layout, sleeper());
    const record = readRecord(layout, "sleeper")!;
    process.kill(record.pid, "SIGKILL");
    await waitFor(() => !isRunning(record), 2000, 5);
    assert.equal(await ensureProcess(layout, sleeper()), "started");
    assert.notEqual(readRecord(layout, "sleeper")?.pid, record.pid);
  });

  it("restarts on other arguments and ends the old process", async () => {
    await ensureProcess(layout, sleeper());
    const old = readRecord(layout, "sleeper")!;
    assert.equal(await ensureProcess(layout, sleeper({ args: ["601"] })), "restarted");
    assert.equal(isRunning(old), false);
  });

  it("restarts on a change in a file that the process reads", async () => {
    const file = join(dir, "config");
    writeFileSync(file, "a");
    await ensureProcess(layout, sleeper({ files: [file] }));
    writeFileSync(file, "b");
    assert.equal(await ensureProcess(layout, sleeper({ files: [file] })), "restarted");
  });

  it("quotes the log of a process that ended right away", async () => {
    await ensureProcess(layout, sleeper({ args: ["nonsense"] }));
    const record = readRecord(layout, "sleeper")!;
    await waitFor(() => !isRunning(record), 2000, 5);
    assert.throws(() => assertRunning(layout, "sleeper"), {
      name: "SlipwayError",
      message: /^sleeper ended right after its start; its log .*sleeper\.log ends with: .*nonsense/,
    });
  });

  it("says which program is missing", async () => {
    await assert.rejects(ensureProcess(layout, sleeper({ command: "/nowhere/sleep" })), {
      name: "SlipwayError",
      message: "/nowhere/sleep is missing: it is needed to run sleeper.",
    });
  });

  it("forgets a process that was ended, and can be asked twice", async () => {
    await ensureProcess(layout, sleeper());
    const record = readRecord(layout, "sleeper")!;
    await stopProcess(layout, record);
    await stopProcess(layout, record);
    assert.equal(readRecord(layout, "sleeper"), undefined);
  });

  it("gives the same fingerprint for the same thing only", () => {
    const base = fingerprintOf(sleeper());
    assert.equal(fingerprintOf(sleeper()), base);
    for (const change of [
      { args: ["1"] },
      { env: { A: "1" } },
      { cwd: "/tmp" },
      { network: "node" as const },
    ]) {
      assert.notEqual(fingerprintOf(sleeper(change)), base);
    }
  });
});
