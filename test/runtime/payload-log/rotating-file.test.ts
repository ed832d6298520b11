import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import type { open } from "node:fs/promises";
import { join } from "node:path";
import { RotatingFile } from "../../../runtime/payload-log/rotating-file";
import { modelFolder } from "../support/model-folder";

describe("RotatingFile", () => {
  let path: string;
  beforeEach(() => {
    path = join(modelFolder({}), "payloads.jsonl");
  });

  it("appends lines to a file that only its owner may read", async () => {
    writeFileSync(path, "old\n");
    chmodSync(path, 0o644);
    const file = new RotatingFile(path, 1000);
    await file.deliver(["a", "b"]);
    await file.deliver(["c"]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "old\na\nb\nc\n");
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("begins a new file when the old one is full, and keeps one", async () => {
    const file = new RotatingFile(path, 8);
    for (const line of ["aaa", "bbb", "ccc", "ddd", "eee"]) await file.deliver([line]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "eee\n");
    assert.equal(readFileSync(`${path}.1`, "utf8"), "ccc\nddd\n");
    assert.equal(existsSync(`${path}.2`), false);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("writes a batch that is larger than a file", async () => {
    const file = new RotatingFile(path, 8);
    await file.deliver(["0123456789"]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "0123456789\n");
    assert.equal(existsSync(`${path}.1`), false);
  });

  it("takes back the half of a batch that a full disk took", async () => {
    const file = new RotatingFile(path, 1000);
    await file.deliver(["whole"]);
    const { handle } = file as unknown as { handle: Awaited<ReturnType<typeof open>> };
    handle.appendFile = async () => {
      await handle.write("hal");
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    };
    await assert.rejects(file.deliver(["half"]), /ENOSPC/);
    assert.equal(readFileSync(path, "utf8"), "whole\n");
    await file.deliver(["next"]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "whole\nnext\n");
  });

  it("refuses what is no file", function () {
    if (!existsSync("/dev/full")) this.skip();
    assert.throws(() => new RotatingFile("/dev/full", 1000), {
      message:
        "`--payload-log` (/dev/full) is no regular file; name a file in a folder that the server may write to.",
    });
  });

  it("says at once that a file cannot be written", () => {
    const missing = join(path, "x.jsonl");
    assert.throws(() => new RotatingFile(missing, 1000), {
      name: "UsageError",
      message: `\`--payload-log\` (${missing}) cannot be opened (ENOENT); name a file in a folder that the server may write to.`,
    });
    mkdirSync(path);
    assert.throws(() => new RotatingFile(path, 1000), {
      message: `\`--payload-log\` (${path}) cannot be opened (EISDIR); name a file in a folder that the server may write to.`,
    });
  });
});
