import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { open } from "node:fs/promises";
import { dirname, join } from "node:path";
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
    const file = new RotatingFile(path, { maxBytes: 1000 });
    await file.deliver(["a", "b"]);
    await file.deliver(["c"]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "old\na\nb\nc\n");
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("begins a new file when the old one is full, and keeps one", async () => {
    const file = new RotatingFile(path, { maxBytes: 8 });
    for (const line of ["aaa", "bbb", "ccc", "ddd", "eee"]) await file.deliver([line]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "eee\n");
    assert.equal(readFileSync(`${path}.1`, "utf8"), "ccc\nddd\n");
    assert.equal(existsSync(`${path}.2`), false);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("writes a batch that is larger than a file", async () => {
    const file = new RotatingFile(path, { maxBytes: 8 });
    await file.deliver(["0123456789"]);
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "0123456789\n");
    assert.equal(existsSync(`${path}.1`), false);
  });

  it("takes back the half of a batch that a full disk took", async () => {
    const file = new RotatingFile(path, { maxBytes: 1000 });
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
    assert.throws(() => new RotatingFile("/dev/full", { maxBytes: 1000 }), {
      message:
        "`--payload-log` (/dev/full) is no regular file; name a file in a folder that the server may write to.",
    });
  });

  it("says at once that a file cannot be written", () => {
    const missing = join(path, "x.jsonl");
    assert.throws(() => new RotatingFile(missing, { maxBytes: 1000 }), {
      name: "UsageError",
      message: `\`--payload-log\` (${missing}) cannot be opened (ENOENT); name a file in a folder that the server may write to.`,
    });
    mkdirSync(path);
    assert.throws(() => new RotatingFile(path, { maxBytes: 1000 }), {
      message: `\`--payload-log\` (${path}) cannot be opened (EISDIR); name a file in a folder that the server may write to.`,
    });
  });

  it("keeps as many full files as it is told to, the newest as .1, and drops those beyond at once", async () => {
    writeFileSync(`${path}.7`, "left by a log that kept more\n");
    const file = new RotatingFile(path, { maxBytes: 4, files: 3 });
    for (const line of ["aaa", "bbb", "ccc", "ddd", "eee"]) await file.deliver([line]);
    await file.close();
    const contents = ["", ".1", ".2", ".3"].map((suffix) => readFileSync(`${path}${suffix}`, "utf8"));
    assert.deepEqual(contents, ["eee\n", "ddd\n", "ccc\n", "bbb\n"]);
    assert.deepEqual(namesBeside(), ["payloads.jsonl", ...[1, 2, 3].map((n) => `payloads.jsonl.${n}`)]);
  });

  describe("with a retention", () => {
    const HOUR = 3_600_000;
    let now: number;
    const entry = (id: string) => `{"time":"${new Date(now).toISOString()}","requestId":"${id}"}`;
    const limits = () => ({ maxBytes: 1_000_000, files: 5, retentionMs: 10 * HOUR, now: () => now });
    const ids = (file: string) =>
      readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (JSON.parse(line) as { requestId: string }).requestId);
    beforeEach(() => (now = Date.UTC(2025, 0, 31)));

    it("has no entry that is older, and every entry for half of it at least", async () => {
      const file = new RotatingFile(path, limits());
      const written: [string, number][] = [];
      for (let hour = 0; hour < 40; hour++, now += HOUR) {
        await file.deliver([entry(`h${hour}`)]);
        written.push([`h${hour}`, now]);
        await file.expire();
        const kept = new Set(namesBeside().flatMap((name) => ids(join(dirname(path), name))));
        for (const [id, at] of written) {
          if (now - at < 5 * HOUR) assert.ok(kept.has(id), `${id} is missing at hour ${hour}`);
          if (now - at >= 10 * HOUR) assert.ok(!kept.has(id), `${id} is still there at hour ${hour}`);
        }
      }
      await file.close();
    });

    it("deletes what an earlier process left, though no request comes", async () => {
      writeFileSync(path, `${entry("live")}\n`);
      now -= 20 * HOUR;
      writeFileSync(`${path}.1`, `${entry("old")}\n`);
      now += 26 * HOUR;
      const file = new RotatingFile(path, limits());
      await file.expire();
      assert.deepEqual(namesBeside(), ["payloads.jsonl", "payloads.jsonl.1"]);
      assert.deepEqual([ids(path), ids(`${path}.1`)], [[], ["live"]]);
      now += 5 * HOUR;
      await file.expire();
      assert.deepEqual(namesBeside(), ["payloads.jsonl"]);
      await file.close();
    });

    it("leaves files alone that only look like its own", async () => {
      for (const name of ["payloads.jsonl.bak", "payloads.jsonl.2024", "payloads.jsonl.01"])
        writeFileSync(join(dirname(path), name), '{"time":"2001-01-01T00:00:00.000Z"}\n');
      const file = new RotatingFile(path, limits());
      await file.expire();
      await file.close();
      assert.equal(namesBeside().length, 4);
    });
  });

  const namesBeside = () => readdirSync(dirname(path)).sort();
});
