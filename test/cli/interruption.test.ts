import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";

/** A command that waits for ever, with a program beside it that would outlive it. */
const PROGRAM = `
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const { interruptible } = require("./cli/interruption");
const { endChildren } = require("./cli/children");
const child = spawn("sleep", ["60"]);
writeFileSync(process.env.PID_FILE, String(child.pid));
interruptible("up", console.error, () => new Promise(() => process.stdout.write("waiting"))).catch((error) => {
  console.error(error.message);
  endChildren();
  process.exit(error.exitCode);
});
`;

describe("interruptible", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-interrupt-"));
  after(() => rmSync(dir, { recursive: true }));

  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`ends with ${status} and one sentence on ${signal}, and leaves no program behind`, async () => {
      const pidFile = join(dir, signal);
      const script = join(dir, "program.js");
      writeFileSync(script, PROGRAM.replaceAll("./cli/", `${projectRoot}/cli/`));
      const child = spawn(process.execPath, ["-r", "tsx/cjs", script], {
        cwd: projectRoot,
        env: { ...process.env, PID_FILE: pidFile },
      });
      let said = "";
      child.stderr.on("data", (chunk) => (said += chunk));
      await once(child.stdout, "data");
      child.kill(signal);
      const [code] = await once(child, "close");
      assert.equal(code, status, said);
      assert.equal(
        said,
        "interrupted; `npm run up` goes on from here, `npm run down` takes down what was started\n",
      );
      const left = `/proc/${readFileSync(pidFile, "utf8")}/cmdline`;
      assert.ok(!existsSync(left) || !readFileSync(left, "utf8").startsWith("sleep"));
    });
  }
});
