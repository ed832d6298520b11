import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FileSeal } from "../../../runtime/models/file-seal";
import { modelFolder } from "../support/model-folder";

const CHANGED = /^`weights` was changed while the model was being loaded/;
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

describe("a file's seal, where the mount gives files new times of its own accord", () => {
  async function sealed(isUnsteady: boolean, isPinned = true) {
    const file = join(modelFolder({ weights: Buffer.from("weights") }), "weights");
    const seal = await FileSeal.of(file, () => Promise.resolve(isUnsteady));
    let digests = 0;
    const digest = () => {
      digests++;
      return Promise.resolve(sha256(readFileSync(file)));
    };
    if (isPinned) seal.pin(sha256("weights"), digest);
    return { file, seal, digests: () => digests };
  }

  it("holds while the content is the pinned one, which is read once for each new time", async () => {
    const { file, seal, digests } = await sealed(true);
    await seal.requireUnchanged();
    assert.equal(digests(), 0);
    utimesSync(file, 1, 1);
    await seal.requireUnchanged();
    await seal.requireUnchanged();
    assert.equal(digests(), 1);
  });

  it("is broken by another content, or none", async () => {
    const { file, seal } = await sealed(true);
    writeFileSync(file, "WEIGHTS");
    await assert.rejects(seal.requireUnchanged(), { message: CHANGED });
    unlinkSync(file);
    await assert.rejects(seal.requireUnchanged(), { message: CHANGED });
  });

  it("is broken by a new time on any other mount, and where no digest is pinned", async () => {
    for (const [isUnsteady, isPinned] of [
      [false, true],
      [true, false],
    ] as const) {
      const { file, seal } = await sealed(isUnsteady, isPinned);
      utimesSync(file, 1, 1);
      await assert.rejects(seal.requireUnchanged(), { message: CHANGED });
    }
  });
});
