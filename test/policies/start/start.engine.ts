import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { readFileSync } from "node:fs";

const ROOT = join(__dirname, "../../..");
const RUNNER = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
/** How long a start may take to keep what V8 has compiled, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Arguments for Node that the pack asks its host for. */
function nodeArgs(): string[] {
  const { runtime } = parse(readFileSync(join(ROOT, "policies/PulumiPolicy.yaml"), "utf8")) as {
    runtime: { options: { nodeargs: string } };
  };
  return runtime.options.nodeargs.split(" ");
}

describe("The start of the pack", function () {
  this.timeout(180_000);
  let folder: string;
  let pack: string;

  /** Starts the pack as a host does, and ends it once `until` holds. @returns what it said before its port, and its errors */
  async function start(args: readonly string[], { cache = "cache", until = (): boolean => true } = {}) {
    const env = { ...process.env, SLIPWAY_CACHE_DIR: join(folder, cache) };
    const server = spawn(process.execPath, [...args, RUNNER, "127.0.0.1:1", pack], { cwd: pack, env });
    const ended = once(server, "close");
    const said = { out: "", errors: "" };
    server.stdout.on("data", (chunk) => (said.out += String(chunk)));
    server.stderr.on("data", (chunk) => (said.errors += String(chunk)));
    try {
      const deadline = Date.now() + PATIENCE_MS;
      while ((!said.out.includes("\n") || !until()) && server.exitCode === null && Date.now() < deadline) {
        await sleep(50);
      }
    } finally {
      server.kill("SIGKILL");
      await ended;
    }
    assert.match(said.out, /^\d+\n$/, said.errors);
    return said.errors;
  }

  const builds = () =>
    readdirSync(join(folder, "cache/policies")).map((key) => join(folder, "cache/policies", key));
  /** Marks what is kept, to tell whether it is what starts. */
  const mark = () =>
    builds().forEach((build) => appendFileSync(join(build, "pack.js"), `console.error("kept");\n`));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-pack-start-"));
    pack = join(folder, "policies");
    cpSync(join(ROOT, "policies"), pack, { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [how, args] of [
    ["in the place of the SDK's runner", nodeArgs()],
    ["by the SDK's runner", []],
  ] as const) {
    it(`makes one file the first time and starts from it after that, ${how}`, async () => {
      const compiled = () =>
        builds().some((build) => readdirSync(build).some((name) => /^pack\.[0-9a-f]+$/.test(name)));
      await start(args, { until: compiled });
      assert.ok(compiled(), "what V8 has compiled was not kept");
      mark();
      assert.equal(await start(args), "kept\n");
      assert.equal(builds().length, 1);
    });
  }

  it("makes the file anew when a source has changed", async () => {
    await start(nodeArgs());
    mark();
    appendFileSync(join(pack, "catalog.ts"), `console.error("changed");\n`);
    assert.equal(await start(nodeArgs()), "changed\n");
  });

  it("does not run what others may have written", async () => {
    await start(nodeArgs());
    mark();
    for (const build of builds()) chmodSync(build, 0o777);
    assert.equal(await start(nodeArgs()), "");
  });

  it("starts where nothing can be kept", async () => {
    assert.equal(await start(nodeArgs(), { cache: "policies/pack.ts/no-folder" }), "");
    assert.ok(!existsSync(join(folder, "cache")));
  });

  it("leaves programs that are no runner of packs alone", async () => {
    const program = spawn(process.execPath, [...nodeArgs(), "-p", "'own program'"], { cwd: pack });
    let out = "";
    program.stdout.on("data", (chunk) => (out += String(chunk)));
    await once(program, "close");
    assert.equal(out, "own program\n");
  });
});
