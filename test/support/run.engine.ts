import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { runCommand } from "./slipway";

const PARTS = [
  "run.js",
  "support/run-layer.js",
  "support/layers.js",
  "support/layer.js",
  "support/file-times.js",
];

describe("the test runner", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-runner-"));
  before(() => {
    for (const part of PARTS) {
      mkdirSync(dirname(join(folder, "test", part)), { recursive: true });
      cpSync(join(projectRoot, "test", part), join(folder, "test", part));
    }
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["fast-check", "mocha", "tsx"]) {
      symlinkSync(join(projectRoot, "node_modules", name), join(folder, "node_modules", name));
    }
    const file = (name: string, text: string) => writeFileSync(join(folder, "test", `${name}.test.ts`), text);
    file(
      "a-good",
      `describe("a", () => { it("adds", () => {}); it("takes away", () => {}); it.skip("waits"); });`,
    );
    file("b-bad", `it("fails", () => { throw new Error("as it should"); });`);
    file("c-unloadable", `throw new Error("no such thing");`);
    file("d-deadly", `it("kills", () => process.kill(process.pid, "SIGKILL"));`);
    file("e-late", `it("comes after", () => {});`);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = async (...args: string[]) => {
    const { status, stdout, stderr } = await runCommand(process.execPath, ["test/run.js", ...args], {
      cwd: folder,
    });
    return { status, lines: stdout.trimEnd().split("\n"), stdout, stderr };
  };

  it("counts what failed, could not be loaded or took its process down, and goes on with the rest", async () => {
    const { status, lines, stdout } = await run("unit");
    assert.equal(status, 1, stdout);
    assert.equal(lines.at(-1), "3 passed, 3 failed");
    assert.match(stdout, /\d\) b-bad\.test\.ts: fails:\n\s+Error: as it should\n/);
    assert.match(stdout, /\d\) c-unloadable\.test\.ts: Error: no such thing\n/);
    assert.match(
      stdout,
      /\d\) d-deadly\.test\.ts: the process ended with SIGKILL before the file's tests did\n/,
    );
  });

  it("repeats every layer's failures at the end of the log", async () => {
    const { stdout } = await run("unit", "e2e");
    const end = stdout.slice(stdout.lastIndexOf("e2e: 0 passed, 0 failed"));
    assert.match(end, /\d\) unit\/b-bad\.test\.ts: fails:\n\s+Error: as it should\n/);
    assert.match(end, /\n3 passed, 3 failed\n$/);
  });

  it("prints the files in their order, however long each takes", async () => {
    const { stdout } = await run("unit");
    const order = ["adds", "takes away", "- waits", "1) fails", "comes after"];
    assert.deepEqual(
      order.map((text) => stdout.indexOf(text)),
      order.map((text) => stdout.indexOf(text)).sort((a, b) => a - b),
    );
    assert.ok(stdout.includes("adds"), stdout);
  });

  it("runs only what `--grep` names, and fails where nothing has the name", async () => {
    const some = await run("unit", "--grep", "takes away");
    assert.deepEqual([some.lines.at(-1), some.stdout.includes("adds")], ["1 passed, 1 failed", false]);
    const none = await run("e2e", "--grep", "no such test");
    assert.deepEqual([none.lines.at(-1), none.status], ["0 passed, 0 failed", 1]);
  });

  it("runs end-to-end files that keep to themselves beside each other, after `up`, and all others alone, before `down`", async () => {
    const log = join(folder, "order");
    const says = (name: string) =>
      `it("${name}", () => require("node:fs").appendFileSync(${JSON.stringify(log)}, "${name} "));`;
    // Each of the two ends when the other one has begun.
    const meets = (name: string, other: string) => `it("${name}", async () => {
      const { existsSync, writeFileSync } = require("node:fs");
      writeFileSync("${name}-is-here", "");
      while (!existsSync("${other}-is-here")) await new Promise((resolve) => setTimeout(resolve, 10));
    }); ${says(`${name}-met`)}`;
    const files = {
      "e2e/down": says("down"),
      "e2e/traffic": says("traffic"),
      "e2e/up": says("up"),
      "toolchain/a": meets("a", "b"),
      "toolchain/b": meets("b", "a"),
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "test", name)), { recursive: true });
      writeFileSync(join(folder, "test", `${name}.e2e.ts`), text);
    }
    try {
      const { lines } = await run("e2e");
      assert.equal(lines.at(-1), "7 passed, 0 failed");
      const order = readFileSync(log, "utf8").trim().split(" ");
      assert.deepEqual(
        [order[0], order.slice(1, 3).sort(), ...order.slice(3)],
        ["up", ["a-met", "b-met"], "traffic", "down"],
      );
    } finally {
      for (const name of ["e2e", "toolchain"]) rmSync(join(folder, "test", name), { recursive: true });
    }
  });

  it("names what a test leaves running, and ends all the same", async () => {
    const leak = join(folder, "test/leak.e2e.ts");
    writeFileSync(leak, `it("listens", () => { require("node:net").createServer().listen(0); });`);
    const { status, lines, stderr } = await run("e2e");
    rmSync(leak);
    assert.deepEqual([status, lines.at(-1)], [0, "1 passed, 0 failed"]);
    assert.match(stderr, /^the e2e layer left something running after its last test: TCPServerWrap$/m);
  });

  it("refuses an unknown layer and a `--grep` without text", async () => {
    const layer = await run("units");
    assert.deepEqual([layer.status, layer.stderr], [64, "layer `units` must be one of: unit, engine, e2e\n"]);
    const grep = await run("--grep");
    assert.deepEqual(
      [grep.status, grep.stderr],
      [64, "`--grep` needs a text that is part of the names of the wanted tests\n"],
    );
  });
});
