import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keptBundle } from "../../../toolchain/image/kept-bundle";

describe("keptBundle", () => {
  let root: string;
  let cache: string;
  let source: string;
  let runs: number;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "slipway-kept-"));
    [cache, source] = [join(root, "cache"), join(root, "server.ts")];
    runs = 0;
    writeFileSync(source, "first");
    // What was written in the moment of a run counts as written during it.
    await sleep(100);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const bundle = async (dir: string) => {
    runs++;
    mkdirSync(join(dir, "proto"));
    writeFileSync(join(dir, "server.js"), `run ${runs}`);
    writeFileSync(join(dir, "proto/v2.proto"), "syntax");
    return [source];
  };
  const contents = async () =>
    Object.fromEntries(
      [...(await keptBundle(cache, bundle))].map(([path, content]) => [path, String(content)]),
    );
  const folder = () => join(cache, "images", readdirSync(join(cache, "images"))[0]!);
  const ofRun = (run: number) => ({ "server.js": `run ${run}`, "proto/v2.proto": "syntax" });

  it("makes it once, and gives the same again", async () => {
    assert.deepEqual(await contents(), ofRun(1));
    assert.deepEqual(await contents(), ofRun(1));
    assert.equal(runs, 1);
  });

  it("makes it anew when a source was written, and keeps nothing of the old one", async () => {
    await contents();
    const { atime, mtime } = statSync(source);
    writeFileSync(source, "later");
    utimesSync(source, atime, mtime);
    await sleep(100);
    assert.deepEqual(await contents(), ofRun(2));
    assert.deepEqual(await contents(), ofRun(2));
    assert.equal(readdirSync(folder()).length, 3);
    rmSync(source);
    assert.deepEqual(await contents(), ofRun(3));
  });

  it("keeps none of which a source was written meanwhile", async () => {
    const writing = async (dir: string) => {
      const inputs = await bundle(dir);
      writeFileSync(source, "in between");
      return inputs;
    };
    await keptBundle(cache, writing);
    await sleep(100);
    assert.deepEqual(await contents(), ofRun(2));
  });

  it("believes no content that was altered, and no folder that others may write to", async () => {
    await contents();
    for (const file of readdirSync(folder()).filter((name) => name !== "record.json"))
      writeFileSync(join(folder(), file), "altered");
    assert.deepEqual(await contents(), ofRun(2));
    chmodSync(folder(), 0o777);
    assert.deepEqual(await contents(), ofRun(3));
  });

  it("gives it where nothing can be kept", async () => {
    writeFileSync(cache, "a file");
    assert.deepEqual(await contents(), ofRun(1));
    assert.deepEqual(await contents(), ofRun(2));
  });
});
