import assert from "node:assert";
import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const RUNNER = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
const EMPTY = `new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n`;

/** Milliseconds from the start of a pack's process to the port it prints, as the engine starts it. */
async function startTime(pack: string): Promise<number> {
  const started = performance.now();
  const server = spawn(process.execPath, [RUNNER, "127.0.0.1:1", pack], {
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
    return performance.now() - started;
  } finally {
    server.kill("SIGKILL");
    await ended;
  }
}

describe("The pack's process", function () {
  this.timeout(120_000);

  it("starts nearly as fast as that of an empty pack", async () => {
    const folder = await mkdtemp(join(tmpdir(), "slipway-empty-pack-"));
    try {
      await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
      await writeFile(
        join(folder, "package.json"),
        JSON.stringify({ name: "empty", version: "0.0.1", main: "index.js" }),
      );
      await writeFile(join(folder, "index.js"), EMPTY);
      const times: { empty: number[]; own: number[] } = { empty: [], own: [] };
      for (let i = 0; i < 5; i++) {
        times.empty.push(await startTime(folder));
        times.own.push(await startTime(join(ROOT, "policies")));
      }
      const ratio = Math.min(...times.own) / Math.min(...times.empty);
      assert.ok(ratio <= 1.3, `${ratio.toFixed(2)} times an empty pack's start`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
