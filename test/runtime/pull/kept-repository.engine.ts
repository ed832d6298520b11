import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pull } from "../../../runtime/pull/pull-command";
import { identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const FOUR = identityModel("float32", ["n"]);
const FIVE = identityModel("float32", ["n", "m"]);
const sha256Of = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("a repository that pulls keep on a disk", function () {
  this.timeout(60_000);

  it("is served after an update, without what the update has replaced", async () => {
    const sources = modelFolder({ "four.onnx": FOUR, "five.onnx": FIVE });
    const to = join(modelFolder({}), "models");
    const install = (version: string, file: string, bytes: Buffer, ...more: string[]) =>
      pull([
        ...[
          "--to",
          to,
          "--name",
          "ocr",
          "--version",
          version,
          "--sha256",
          sha256Of(bytes),
          "--keep-verified",
        ],
        ...more,
        `file:${join(sources, file)}`,
      ]);
    const served = async () => {
      const server = await RunningServer.start(to);
      const { body } = await server.call("POST", "/v2/repository/index");
      await server.close();
      return (body as { name: string; version: string; state: string }[]).map(
        ({ name, version, state }) => `${name}/${version} ${state}`,
      );
    };
    await install("4", "four.onnx", FOUR, "--keep-only", "ocr/4");
    assert.deepEqual(await served(), ["ocr/4 READY"]);
    // The next version is fetched while this one is served…
    await install("5", "five.onnx", FIVE);
    // …and what starts then removes it.
    await install("5", "five.onnx", FIVE, "--keep-only", "ocr/5");
    assert.deepEqual(await served(), ["ocr/5 READY"]);
    // Back again: it has to be fetched, and is.
    await install("4", "four.onnx", FOUR, "--keep-only", "ocr/4");
    assert.deepEqual(await served(), ["ocr/4 READY"]);
    const { sha256 } = JSON.parse(readFileSync(join(to, "ocr/model.json"), "utf8"));
    assert.equal(sha256["4"], sha256Of(FOUR));
  });
});
