import assert from "node:assert";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundleModule } from "../../../../toolchain/plugins/bundle";

const PROGRAM = `
  const { inspect } = require("util");
  const show = (frame) => {
    const error = new Error("boom");
    error.stack = "Error: boom\\n    at f (" + frame + ":1:2)";
    console.log(JSON.stringify(inspect(error, { colors: true })));
  };
  show("/a/node_modules/@pulumi/resource.ts");
  show("/a/node_modules/file.js");
  show("/a/node_modules/@pulumi/pulumi/resource.js");
  console.log(JSON.stringify([inspect({ a: 1 }), inspect.custom === Symbol.for("nodejs.util.inspect.custom")]));
`;

describe("preload of programs", () => {
  it("keeps node from inspecting an error for a minute, and changes nothing else", async () => {
    const folder = await mkdtemp(join(tmpdir(), "slipway-preload-"));
    try {
      const preload = join(folder, "preload.cjs");
      await writeFile(preload, await bundleModule("host/preload", "0.0.0"));
      const args = ["--require", preload, "--eval", PROGRAM];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
      const shown = stdout
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
      assert.deepStrictEqual(shown, [
        "Error: boom\n    at f (/a/node_modules/@pulumi/resource.ts:1:2)",
        "Error: boom\n    at f (/a/node_modules/file.js:1:2)",
        "Error: boom\n    at f (/a/node_modules/\u001b[4m@pulumi/pulumi\u001b[24m/resource.js:1:2)",
        ["{ a: 1 }", true],
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
