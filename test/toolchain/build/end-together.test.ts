import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** Starts a child that waits, prints its process ID, and ends in the way that the test asks for. */
const PARENT = `
const { spawn } = require("node:child_process");
const { endTogether } = require(${JSON.stringify(require.resolve("../../../toolchain/build/end-together"))});
const child = spawn("sleep", ["600"], { stdio: "ignore" });
const release = endTogether(child);
if (process.argv[1] === "released") release();
let signals = 0;
const handle = () => (++signals > 1 ? process.exit(8) : setTimeout(() => process.exit(7), 200));
if (process.argv[1] === "handled") process.on("SIGTERM", handle);
console.log(child.pid);
if (process.argv[1] === "exit") process.exit(3);
`;

/** A process that has ended and that nobody has asked about yet, a zombie, is not alive. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("endTogether", () => {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  async function start(how: string) {
    const parent = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), "-e", PARENT, how], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(parent, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    const [output] = (await once(parent.stdout, "data")) as [Buffer];
    return { parent, ended, child: Number(output.toString()) };
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`ends the child with a process that ends by ${signal}, which it still does`, async () => {
      const { parent, ended, child } = await start("wait");
      parent.kill(signal);
      assert.deepEqual(await ended, [null, signal]);
      await untilGone(child);
    });
  }

  it("ends the child with a process that exits", async () => {
    const { ended, child } = await start("exit");
    assert.deepEqual(await ended, [3, null]);
    await untilGone(child);
  });

  it("leaves the end of the process to whoever handles the signal, and tells them once", async () => {
    const { parent, ended, child } = await start("handled");
    parent.kill("SIGTERM");
    assert.deepEqual(await ended, [7, null]);
    await untilGone(child);
  });

  it("leaves a child alone that was released", async () => {
    const { parent, ended, child } = await start("released");
    parent.kill("SIGTERM");
    await ended;
    assert.ok(isAlive(child));
    process.kill(child, "SIGKILL");
  });
});
