import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import pino from "pino";
import { parseModelConfig } from "../../../../runtime/models/model-config";
import { prepareDrift } from "../../../../runtime/drift/monitor/prepare-drift";
import { modelFolder } from "../../support/model-folder";
import { BASELINE, SPEC } from "./support";

const TEXT = JSON.stringify(BASELINE);
const DIGEST = createHash("sha256").update(TEXT).digest("hex");

async function prepare(files: Record<string, string>, config: object = {}) {
  const logged: string[] = [];
  const log = pino(
    {},
    { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const dir = join(modelFolder({ "m/keep": "", ...files }), "m/1");
  const prepared = await prepareDrift(
    { name: "m", version: "1", dir, config: parseModelConfig(config) },
    log,
  );
  return { prepared, logged };
}

describe("prepareDrift", () => {
  it("gives the baseline with what it was read from", async () => {
    const { prepared, logged } = await prepare(
      { "m/1/baseline.json": TEXT },
      { drift: { windowSeconds: 60 } },
    );
    const { baseline, ...rest } = prepared!.check(SPEC);
    assert.deepEqual(baseline, JSON.parse(TEXT));
    assert.deepEqual(rest, {
      model: "m",
      version: "1",
      baselineSha256: DIGEST,
      spec: SPEC,
      config: { windowSeconds: 60 },
    });
    assert.deepEqual(logged, []);
  });

  it("follows nothing without a baseline, or where `drift` is false, however broken it is", async () => {
    assert.equal((await prepare({ "m/1/model.onnx": "" })).prepared, undefined);
    assert.equal((await prepare({ "m/1/baseline.json": "broken" }, { drift: false })).prepared, undefined);
    const pinned = { drift: false, sha256: { "1/baseline.json": DIGEST } };
    assert.equal((await prepare({ "m/1/baseline.json": "broken" }, pinned)).prepared, undefined);
  });

  it("leaves versions from before baselines alone, and says so", async () => {
    const { prepared, logged } = await prepare(
      { "m/1/model.onnx": "", "m/2/baseline.json": TEXT },
      { drift: {} },
    );
    assert.equal(prepared, undefined);
    assert.deepEqual(logged, ["drift of the version is not followed: it has no `baseline.json`"]);
  });

  it("takes a baseline whose digest is pinned", async () => {
    const config = { sha256: { "1/baseline.json": DIGEST } };
    assert.ok((await prepare({ "m/1/baseline.json": TEXT }, config)).prepared);
  });

  it("warns where the outputs were computed with another model", async () => {
    const text = JSON.stringify({ ...BASELINE, modelSha256: "a".repeat(64) });
    const config = { sha256: { "1": "b".repeat(64) } };
    const { prepared, logged } = await prepare({ "m/1/baseline.json": text }, config);
    prepared!.check(SPEC);
    assert.equal(logged.length, 1);
    assert.match(logged[0]!, /^`baseline\.json` was made with a model of the SHA-256 aaaa/);
  });

  const other = "0".repeat(64);
  const edges = Array.from({ length: 60_000 }, (_, i) => i);
  const wide = {
    ...BASELINE,
    features: {
      "input:x[0]": {
        ...BASELINE.features["input:x[0]"],
        edges,
        binMeans: undefined,
        counts: [BASELINE.features["input:x[0]"]!.count, ...edges.map(() => 0)],
      },
    },
  };
  const refused: [string, Record<string, string>, object, string][] = [
    [
      "`drift` without a baseline",
      { "m/1/model.onnx": "" },
      { drift: { alpha: 0.05 } },
      "`drift` in `model.json` needs `baseline.json` beside the model of version 1; make it with `slipway baseline`, or take `drift` out.",
    ],
    [
      "a pinned baseline that is not there",
      { "m/1/model.onnx": "" },
      { sha256: { "1/baseline.json": other } },
      "`baseline.json` cannot be read (ENOENT).",
    ],
    [
      "a baseline of another digest",
      { "m/1/baseline.json": TEXT },
      { sha256: { "1/baseline.json": other } },
      `\`baseline.json\` has the SHA-256 ${DIGEST}, but \`model.json\` pins ${other}; fetch the model again or correct the digest.`,
    ],
    [
      "what is no JSON",
      { "m/1/baseline.json": "{" },
      {},
      "`baseline.json` is not valid JSON; write it with `slipway baseline`.",
    ],
    [
      "more bins than can be judged",
      { "m/1/baseline.json": JSON.stringify(wide) },
      {},
      "`baseline.json` has 60001 bins and values, but at most 50000 are taken; make it with fewer bins or features.",
    ],
  ];
  for (const [what, files, config, sentence] of refused) {
    it(`refuses ${what}`, () => assert.rejects(prepare(files, config), { message: sentence }));
  }

  it("refuses a baseline of another model", async () => {
    const { prepared } = await prepare({ "m/1/baseline.json": TEXT });
    const narrow = { ...SPEC, inputs: [{ ...SPEC.inputs[0]!, shape: [-1, 1] }] };
    assert.throws(() => prepared!.check(narrow), {
      message:
        "`baseline.json` has the feature `input:x[0]`, but the model has `input:x`, `output:y`; make it again with `slipway baseline`.",
    });
    const texts = { ...SPEC, inputs: [{ ...SPEC.inputs[0]!, datatype: "BYTES" as const }] };
    assert.throws(() => prepared!.check(texts), {
      message:
        "`baseline.json` has `input:x[0]` as numeric, but it is BYTES in the model; make it again with `slipway baseline`.",
    });
  });

  it("refuses a model of which two inputs have a feature in common", async () => {
    const { prepared } = await prepare({ "m/1/baseline.json": TEXT });
    const scalar = { name: "x[0]", datatype: "FP32", shape: [-1] } as const;
    assert.throws(() => prepared!.check({ ...SPEC, inputs: [...SPEC.inputs, scalar] }), {
      name: "SharedFeature",
      message: /^`input:x` and `input:x\[0\]` of the model both have the feature `input:x\[0\]`, .+ rename /,
    });
  });
});

describe("`drift` in model.json", () => {
  const refusedConfigs: [unknown, string][] = [
    [true, "`drift` (true) in `model.json` must be an object or false."],
    [
      { windowSeconds: 1 },
      "`drift.windowSeconds` (1) in `model.json` must be a whole number from 2 to 604800.",
    ],
    [
      { measure: "hellinger" },
      "`drift.measure` (hellinger) in `model.json` must be one of psi, jensen_shannon, kolmogorov_smirnov, wasserstein.",
    ],
    [{ alpha: 2 }, "`drift.alpha` (2) in `model.json` must be a number from 0 to 1."],
    [
      { window: 60 },
      "`drift` in `model.json` has the unknown field `window`; it takes windowSeconds, minSamples, measure, threshold, alpha, maxFeatures, maxRowsPerSecond, outliers.",
    ],
    [{ outliers: true }, "`drift.outliers` (true) in `model.json` must be an object."],
  ];
  for (const [drift, sentence] of refusedConfigs) {
    it(`refuses ${JSON.stringify(drift)}`, () =>
      assert.throws(() => parseModelConfig({ drift }), { message: sentence }));
  }

  it("goes with a pipeline, whose baseline may be pinned", () => {
    const pipeline = {
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
      steps: [{ model: "m", inputs: { x: "x" }, outputs: { y: "y" } }],
    };
    const config = { pipeline, drift: {}, sha256: { "1/baseline.json": DIGEST } };
    assert.deepEqual(parseModelConfig(config), config);
    assert.throws(() => parseModelConfig({ pipeline, sha256: { "1": DIGEST } }), {
      message: "`sha256.1` in `model.json` does not go with `pipeline`, which has no `model.onnx`.",
    });
  });
});
