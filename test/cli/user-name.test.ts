import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { userName } from "../../cli/user-name";
import { projectRoot } from "../../toolchain/paths";

/** Of nobody, on any machine that this runs on. */
const UNKNOWN_ID = 12_345;

describe("userName", () => {
  const noEntry = () => {
    throw new Error("uv_os_get_passwd returned ENOENT (no such file or directory)");
  };

  it("is what the system says", () => {
    assert.equal(
      userName({ USER: "other" }, () => "ana"),
      "ana",
    );
  });

  it("is what the environment says, else the id, where the system knows no name", () => {
    assert.equal(userName({ USER: "ana", LOGNAME: "bo" }, noEntry), "ana");
    assert.equal(userName({ USER: "", LOGNAME: "bo" }, noEntry), "bo");
    assert.equal(userName({}, noEntry), `uid-${process.getuid?.() ?? "unknown"}`);
  });

  it("lets a user without a name have the help of every command", function () {
    const bin = join(projectRoot, "cli/bin.js");
    if (process.getuid?.() !== 0 || !readableByAll(bin)) return this.skip();
    for (const args of [["--help"], ["token", "--help"]]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
        encoding: "utf8",
        uid: UNKNOWN_ID,
        gid: UNKNOWN_ID,
        env: { PATH: process.env.PATH, HOME: tmpdir() },
      });
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^Usage: slipway/);
      if (args[0] === "token") assert.match(stdout, new RegExp(`"uid-${UNKNOWN_ID}"`));
    }
  });
});

/** A checkout in root's own home cannot be entered by others. */
function readableByAll(file: string): boolean {
  const read = `require("node:fs").readFileSync(${JSON.stringify(file)})`;
  return spawnSync(process.execPath, ["-e", read], { uid: UNKNOWN_ID, gid: UNKNOWN_ID }).status === 0;
}
