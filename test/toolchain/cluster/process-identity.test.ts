import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { identify, isRunning, parseStat } from "../../../toolchain/cluster/process-identity";

describe("parseStat", () => {
  it("reads state and start time behind a name with blanks and brackets", () => {
    const fields = ["S", ...Array.from({ length: 18 }, (_, index) => String(index)), "4711", "rest"];
    assert.deepEqual(parseStat(`12 (a) b (c) ${fields.join(" ")}\n`), { state: "S", startTime: "4711" });
  });

  it("gives nothing for a text that is cut short", () => {
    assert.equal(parseStat("12 (x) S 1 2"), undefined);
  });
});

describe("isRunning", () => {
  it("knows this process", () => {
    const self = identify(process.pid);
    assert.ok(self && isRunning(self));
  });

  it("does not take another process with the same number for it", () => {
    const self = identify(process.pid)!;
    assert.equal(isRunning({ ...self, startTime: "1" }), false);
    assert.equal(isRunning({ ...self, bootId: "another boot" }), false);
  });

  it("says no once the process has ended", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = identify(child.pid!)!;
    assert.equal(isRunning(identity), true);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(isRunning(identity), false);
  });
});
