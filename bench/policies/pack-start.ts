import { spawn } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";

const RUNNER = join(projectRoot, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
const EMPTY = `new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n`;

/** Writes a policy pack without rules into a folder. */
export async function writeEmptyPack(folder: string): Promise<string> {
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  const manifest = { name: "empty", version: "0.0.1", main: "index.js" };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nversion: 0.0.1\n");
  await writeFile(join(folder, "index.js"), EMPTY);
  return folder;
}

/** What the pack's PulumiPolicy.yaml has a host give to Node; the official one does not. */
export const NODE_ARGS = ["--require=./preload.js"];

/**
 * Seconds from the start of a pack's process to the port that it prints, started as the engine's language host does it.
 * @param nodeArgs that the host gives to Node
 */
export async function startSeconds(pack: string, nodeArgs: readonly string[] = []): Promise<number> {
  const started = performance.now();
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
      server.once("exit", () => reject(new Error(`${pack} did not start: ${complaint}`)));
    });
    return (performance.now() - started) / 1000;
  } finally {
    server.kill("SIGKILL");
    await ended;
  }
}
