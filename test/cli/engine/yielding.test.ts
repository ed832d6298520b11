import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { getPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { yielding } from "../../../cli/engine/yielding";

const ofChild = () =>
  Number(execFileSync(process.execPath, ["-p", "os.getPriority()"], { encoding: "utf8" }).trim());

/** Fails by the test's own time limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

describe("what an update does beside the pods", () => {
  const before = getPriority();
  const asRoot = process.getuid?.() === 0;

  it("lowers the priority of the process and of what it starts, for as long as it runs", async () => {
    await yielding(async () => assert.deepEqual([getPriority(), ofChild()], [10, 10]));
    if (asRoot) assert.equal(getPriority(), before);
  });

  it("ends with the last of several, also where one fails", async () => {
    let end = () => {};
    const first = yielding(() => new Promise<void>((resolve) => (end = resolve)));
    await assert.rejects(
      yielding(async () => {
        throw new Error("the update failed");
      }),
      /the update failed/,
    );
    assert.equal(getPriority(), 10);
    end();
    await first;
    if (asRoot) assert.equal(getPriority(), before);
  });

  it("ends after a while for all that was started, threads included: a busy machine may stay busy", async function () {
    if (!asRoot) this.skip();
    await yielding(async () => {
      const program =
        "process.stdin.resume(); setInterval(() => require('fs').readFile('/proc/self/stat', () => {}), 5)";
      const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "ignore", "ignore"] });
      try {
        const threads = () =>
          readdirSync(`/proc/${child.pid}/task`).map((thread) => getPriority(Number(thread)));
        await until(() => threads().length > 4);
        assert.ok(threads().includes(10));
        await until(() => threads().every((priority) => priority === before) && getPriority() === before);
      } finally {
        child.kill();
        await once(child, "exit");
      }
    }, 300);
    assert.equal(getPriority(), before);
  });

  it("leaves a process alone that yields more already", async () => {
    const said = execFileSync(
      "nice",
      [
        "-n",
        "15",
        process.execPath,
        "-r",
        "tsx/cjs",
        "-e",
        `
        require("./cli/engine/yielding").yielding(async () => console.log(os.getPriority()));
      `,
      ],
      { encoding: "utf8" },
    );
    assert.equal(said.trim(), "15");
  });
});
