import assert from "node:assert";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const RUNNER = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
const EMPTY = `new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n`;

/** A clock tick of Linux' process times, in milliseconds. */
const TICK_MS = 10;
const PAIRS = 3;

/** CPU time that a process and the children it waited for have used, in milliseconds: what a busy machine does not stretch. */
function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold spaces; fields 14 to 17 are utime, stime, cutime and cstime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
}

/** CPU time from the start of a pack's process to the port it prints, as the engine starts it. */
async function startTime(pack: string, nodeArgs: readonly string[] = []): Promise<number> {
  const server = spawn(process.execPath, [...nodeArgs, RUNNER, "127.0.0.1:1", pack], {
    cwd: pack,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  let complaint = "";
  server.stderr.on("data", (chunk) => (complaint += String(chunk)));
  try {
    await new Promise<void>((resolve, reject) => {
      server.stdout.once("data", () => resolve());
      server.once("exit", () => reject(new Error(complaint)));
    });
    return cpuTime(server.pid!);
  } finally {
    server.kill("SIGKILL");
    await ended;
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe("The pack's process", function () {
  this.timeout(300_000);
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  /** The median of how much CPU time the pack's start takes of an empty pack's. */
  async function ratioToEmpty(nodeArgs: readonly string[]): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-empty-pack-"));
    try {
      await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
      await writeFile(
        join(folder, "package.json"),
        JSON.stringify({ name: "empty", version: "0.0.1", main: "index.js" }),
      );
      await writeFile(join(folder, "index.js"), EMPTY);
      const pack = join(ROOT, "policies");
      // The first one makes the file that the others start from.
      await startTime(pack, nodeArgs);
      const ratios: number[] = [];
      // One after the other, so that what slows the machine slows both.
      for (let i = 0; i < PAIRS; i++) {
        const empty = await startTime(folder);
        ratios.push((await startTime(pack, nodeArgs)) / empty);
      }
      return median(ratios);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it("starts in less than half of an empty pack's time where the host gives Node the pack's argument", async () => {
    const ratio = await ratioToEmpty(["--require=./preload.js"]);
    assert.ok(ratio <= 0.5, `${ratio.toFixed(2)} times an empty pack's start`);
  });

  it("starts no slower than an empty pack by the SDK's runner", async () => {
    const ratio = await ratioToEmpty([]);
    assert.ok(ratio <= 1, `${ratio.toFixed(2)} times an empty pack's start`);
  });
});
