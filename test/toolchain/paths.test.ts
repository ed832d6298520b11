import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateDir } from "../../toolchain/paths";

describe("stateDir", () => {
  const given = process.env.SLIPWAY_STATE_DIR;
  const dir = mkdtempSync(join(tmpdir(), "slipway-paths-"));
  after(() => {
    rmSync(dir, { recursive: true });
    if (given === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = given;
  });

  const at = (path: string): string => {
    process.env.SLIPWAY_STATE_DIR = path;
    return stateDir();
  };

  it("makes the folder for its owner alone", () => {
    const path = join(dir, "a/b");
    assert.equal(at(path), path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  it("says what to do about a file in its place", () => {
    const path = join(dir, "file");
    writeFileSync(path, "");
    assert.throws(() => at(path), {
      message: `the state folder ${path} cannot be made (ENOTDIR); make its parent writable, or set SLIPWAY_STATE_DIR to a folder that is`,
    });
  });

  it("says what to do about a parent that takes no folders", () => {
    if (!existsSync("/proc/self")) return;
    assert.throws(
      () => at("/proc/slipway/state"),
      /^SlipwayError: the state folder \/proc\/slipway\/state cannot be made/,
    );
  });
});
