import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";

describe("slipway", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "slipway-usage-"));
  after(() => rmSync(stateDir, { recursive: true }));

  const slipway = (...args: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, "cli/bin.js"), ...args], {
      encoding: "utf8",
      env: { ...process.env, SLIPWAY_STATE_DIR: stateDir, NO_COLOR: "1" },
    });

  for (const [args, sentence] of [
    [["launch"], "error: unknown command 'launch'\n"],
    [["launch", "--help"], "error: unknown command 'launch'\n"],
    [["launch", "--version"], "error: unknown command 'launch'\n"],
    [["token", "--scope", "root"], "It must be one or more of: infer, admin, metrics."],
    [["token", "--ttl", "soon"], "It must be a number and a unit: 90s, 30m, 1h or 7d."],
    [["up", "--gateway-port", "0"], "It must be a whole number from 1 to 65535."],
    [
      ["up", "--runtime-image", "a:latest"],
      "It must carry a digest: name@sha256: and 64 hexadecimal digits.",
    ],
    [["preview", "nowhere"], "It must be one of: "],
    [["preview"], "error: missing required argument 'profile'\n"],
    [["infer", "m"], "error: required option '--input <file>' not specified\n"],
    [["outputs", "--yaml"], "error: unknown option '--yaml'\n"],
  ] as const) {
    it(`exits with 64 and one sentence on: ${args.join(" ")}`, () => {
      const { status, stderr, stdout } = slipway(...args);
      assert.equal(status, 64, stderr);
      assert.ok(stderr.includes(sentence), stderr);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.equal(stdout, "");
    });
  }

  it("says in one sentence that nothing is up, and exits with 1", () => {
    for (const args of [["outputs", "--json"], ["token"]]) {
      const { status, stderr } = slipway(...args);
      assert.equal(status, 1);
      assert.equal(stderr, "error: nothing is up; `npm run up` starts the local stack\n");
    }
  });

  for (const args of [["status"], ["rollback", "text"], ["record", "text"]])
    it(`says of which stack it speaks where nothing is up: ${args.join(" ")}`, () => {
      const { status, stderr } = slipway(...args);
      assert.equal(status, 1);
      assert.equal(
        stderr,
        "error: nothing is up; `npm run up` starts the local stack, and `--profile` names another stack\n",
      );
    });

  it("takes the server's own commands, flags and all", () => {
    const { status, stdout } = slipway("compare", "--help");
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: slipway compare --live blue\|green/);
  });

  it("lists every command with --help", () => {
    const { status, stdout } = slipway("--help");
    assert.equal(status, 0);
    for (const name of [
      "up",
      "down",
      "doctor",
      "outputs",
      "token",
      "infer",
      "serve",
      "pull",
      "compare",
      "preview",
      "audit",
      "render",
    ]) {
      assert.match(stdout, new RegExp(`^  ${name}\\b`, "m"));
    }
  });
});
