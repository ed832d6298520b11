import assert from "node:assert/strict";
import { resolveServerOptions } from "../../../runtime/options";
import { UsageError } from "../../../runtime/option-table";
import { RunningServer } from "../support/running-server";
import { modelFolder } from "../support/model-folder";

const resolve = (options: object) => resolveServerOptions({ modelRepository: "models", ...options });

describe("options of sampled answers", () => {
  it("send nothing unless an address is given", () => {
    const { shadowUrl, shadowSlot, shadowSamplePercent } = resolve({});
    assert.deepEqual([shadowUrl, shadowSlot, shadowSamplePercent], [undefined, undefined, 10]);
  });

  const refused: [object, string][] = [
    [
      { shadowUrl: "comparator:8000", shadowSlot: "blue" },
      "`--shadow-url` (comparator:8000) must be an address such as `https://comparator:8000`, without a path.",
    ],
    [
      { shadowUrl: "https://comparator/v1/outputs", shadowSlot: "blue" },
      "`--shadow-url` (https://comparator/v1/outputs) must be an address such as `https://comparator:8000`, without a path.",
    ],
    [
      { shadowUrl: "https://comparator:8000" },
      "`--shadow-url` needs `--shadow-slot`, the slot whose answers these are.",
    ],
    [
      { shadowUrl: "http://comparator:8000", shadowSlot: "blue", shadowKeyFile: "key" },
      "`--shadow-key-file` (key) needs a `--shadow-url` (http://comparator:8000) with https://: a key is not sent in the clear.",
    ],
    [{ shadowSlot: "red" }, "`--shadow-slot` (red) must be one of blue, green."],
    [{ shadowSamplePercent: 101 }, "`--shadow-sample-percent` (101) must be a number from 0 to 100."],
  ];
  for (const [options, message] of refused) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(() => resolve(options), new UsageError(message));
    });
  }

  it("refuse files that cannot be read, at the start", async () => {
    const given = { shadowUrl: "https://comparator:8000", shadowSlot: "blue" as const };
    const start = (files: object) => RunningServer.start(modelFolder({}), { ...given, ...files });
    await assert.rejects(
      start({ shadowKeyFile: "/nowhere/key" }),
      new UsageError("`--shadow-key-file` (/nowhere/key) cannot be read: it does not exist."),
    );
    await assert.rejects(
      start({ shadowCaFile: "/nowhere/ca" }),
      new UsageError("`--shadow-ca-file` (/nowhere/ca) cannot be read: it does not exist."),
    );
  });
});
