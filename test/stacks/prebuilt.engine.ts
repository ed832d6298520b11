import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../toolchain/paths";

const PROGRAM = `
  require("./stacks/loader.js");
  const { PROFILES } = require("./stacks/profiles");
  let trace = "";
  try {
    PROFILES.aws(undefined);
  } catch (error) {
    trace = error.stack;
  }
  const sources = Object.keys(require.cache).filter((file) => /components\\/index\\.ts$/.test(file)).length;
  console.log(JSON.stringify({ profiles: Object.keys(PROFILES), sources, trace }));
`;

interface Loaded {
  readonly profiles: string[];
  /** How many of the sources were read one by one. */
  readonly sources: number;
  readonly trace: string;
}

/** A program as a preview runs it, in a process of its own. */
function load(cacheDir: string, dryRun = "true"): Loaded {
  const env = { ...process.env, SLIPWAY_CACHE_DIR: cacheDir, PULUMI_NODEJS_DRY_RUN: dryRun };
  const output = execFileSync(process.execPath, ["-e", PROGRAM], { cwd: projectRoot, env, encoding: "utf8" });
  return JSON.parse(output) as Loaded;
}

describe("prebuilt profiles", function () {
  this.timeout(120_000);
  let cache: string;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "slipway-prebuilt-"));
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  const files = (): string[] => {
    const [folder = ""] = readdirSync(cache);
    return readdirSync(join(cache, folder)).map((name) => join(cache, folder, name));
  };
  const ending = (end: string): string => files().find((file) => file.endsWith(end)) ?? "";

  it("are built once for previews, and read as one file that is already compiled", () => {
    const first = load(cache);
    assert.deepEqual(first.profiles, ["aws", "local", "onprem"]);
    assert.equal(first.sources, 0);
    const script = ending(".cjs");
    const built = readFileSync(script, "utf8");
    // Said in the script itself: the second run must read this one.
    writeFileSync(script, built.replace('"use strict";', '"use strict"; globalThis.wasRead = true;'));
    rmSync(ending(".cjs.cache"));
    const program = `${PROGRAM} if (!globalThis.wasRead) process.exitCode = 3;`;
    const env = { ...process.env, SLIPWAY_CACHE_DIR: cache, PULUMI_NODEJS_DRY_RUN: "true" };
    execFileSync(process.execPath, ["-e", program], { cwd: projectRoot, env });
    assert.notEqual(ending(".cjs.cache"), "");
  });

  it("are built anew when a source has changed", () => {
    load(cache);
    const record = JSON.parse(readFileSync(ending("inputs.json"), "utf8")) as {
      script: string;
      inputs: Record<string, string>;
    };
    const source = join(projectRoot, "components", "serving-stack.ts");
    assert.match(record.inputs[source] ?? "", /^\d+ \d/);
    writeFileSync(ending("inputs.json"), JSON.stringify({ ...record, inputs: { [source]: "1 1" } }));
    writeFileSync(ending(".cjs"), "throw new Error('what was before the change');");
    const { profiles } = load(cache);
    assert.deepEqual(profiles, ["aws", "local", "onprem"]);
    assert.equal(
      files().filter((file) => file.endsWith(".cjs")).length,
      1,
      "scripts of older sources are removed",
    );
  });

  it("tell where in the sources something went wrong", () => {
    load(cache);
    assert.match(load(cache).trace, /at \w+ \(.*\/stacks\/aws\/index\.ts:\d+:\d+\)/);
  });

  it("are used for updates too", () => {
    const { sources, trace } = load(cache, "false");
    assert.equal(sources, 0);
    assert.match(trace, /at \w+ \(.*\/stacks\/aws\/index\.ts:\d+:\d+\)/);
  });

  it("are read from the sources where others may have written to the cache", () => {
    load(cache);
    writeFileSync(ending(".cjs"), "throw new Error('what somebody else has put there');");
    chmodSync(dirname(ending(".cjs")), 0o777);
    const { sources, profiles } = load(cache);
    assert.deepEqual(profiles, ["aws", "local", "onprem"]);
    assert.equal(sources, 1);
  });

  it("are read from the sources where the cache cannot be written", () => {
    const { sources, profiles } = load("/proc/none");
    assert.deepEqual(profiles, ["aws", "local", "onprem"]);
    assert.equal(sources, 1);
  });
});
