import assert from "node:assert/strict";
import type { ModelSpec } from "../../../runtime/dataplane/model-spec";
import type { Baseline } from "../../../runtime/drift/baseline";
import { checkBaseline, parseBaseline } from "../../../runtime/drift/read-baseline";

const SHA = "a".repeat(64);
const NUMERIC = {
  kind: "numeric",
  count: 3,
  missing: 1,
  min: 0,
  max: 2,
  mean: 1,
  standardDeviation: 1,
  edges: [0, 1],
  counts: [1, 1, 1],
} as const;
const CATEGORICAL = { kind: "categorical", count: 3, missing: 0, values: { a: 2 }, other: 1 } as const;
const BASELINE: Baseline = {
  format: "slipway.baseline/v1",
  modelSha256: SHA,
  data: { file: "train.csv", sha256: SHA, rows: 4 },
  features: { "input:x[0]": NUMERIC, "input:country": CATEGORICAL },
};
const SPEC: ModelSpec = {
  inputs: [
    { name: "x", datatype: "FP32", shape: [-1, 2] },
    { name: "country", datatype: "BYTES", shape: [-1] },
    { name: "code", datatype: "INT64", shape: [-1] },
    { name: "picture", datatype: "FP32", shape: [-1, 100] },
  ],
  outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
};

const parse = (value: unknown) => parseBaseline(JSON.stringify(value));

describe("parseBaseline", () => {
  it("reads what was written", () => assert.deepEqual(parse(BASELINE), BASELINE));

  it("passes over fields that it does not know", () => {
    assert.equal(parse({ ...BASELINE, remark: "of May" }).data.rows, 4);
  });

  const numeric = (change: object) => ({
    ...BASELINE,
    features: { "input:x[0]": { ...NUMERIC, ...change } },
  });
  const wrong: [name: string, value: unknown, message: string][] = [
    [
      "another format",
      { ...BASELINE, format: "evidently/v2" },
      "`format` (evidently/v2) in `baseline.json` must be `slipway.baseline/v1`, as `slipway baseline` writes it.",
    ],
    ["a list", [], "`baseline.json` must be an object."],
    [
      "no features",
      { ...BASELINE, features: undefined },
      "`features` in `baseline.json` is missing; it must be an object of features by name.",
    ],
    [
      "empty features",
      { ...BASELINE, features: {} },
      "`features` in `baseline.json` is empty; make it again with `slipway baseline`.",
    ],
    [
      "an unknown kind",
      { ...BASELINE, features: { a: { kind: "vector" } } },
      "`features.a.kind` in `baseline.json` must be an object of `kind` numeric or categorical.",
    ],
    [
      "a digest that is none",
      { ...BASELINE, modelSha256: "abc" },
      "`modelSha256` (abc) in `baseline.json` must be 64 lower-case hex digits.",
    ],
    [
      "edges that descend",
      numeric({ edges: [1, 0] }),
      "`features.input:x[0]` in `baseline.json` has the edge 0 after 1; edges must ascend.",
    ],
    [
      "edges that repeat",
      numeric({ edges: [1, 1] }),
      "`features.input:x[0]` in `baseline.json` has the edge 1 after 1; edges must ascend.",
    ],
    [
      "a count too few",
      numeric({ counts: [1, 2] }),
      "`features.input:x[0]` in `baseline.json` has 2 counts for 2 edges; there must be one more than edges.",
    ],
    [
      "counts of another sum",
      numeric({ counts: [1, 1, 2] }),
      "`features.input:x[0]` in `baseline.json` counts 4 values in its bins, but its `count` is 3.",
    ],
    [
      "a negative count",
      numeric({ counts: [1, 3, -1] }),
      "`features.input:x[0].counts[2]` (-1) in `baseline.json` must be a whole number >= 0.",
    ],
    [
      "bin means too few",
      numeric({ binMeans: [1] }),
      "`features.input:x[0]` in `baseline.json` has 1 bin means for 3 counts; there must be as many.",
    ],
    [
      "nothing but missing values",
      numeric({ count: 0, counts: [0, 0, 0] }),
      "`features.input:x[0]` in `baseline.json` has no finite number.",
    ],
    [
      "ends that are turned round",
      numeric({ min: 3 }),
      "`features.input:x[0]` in `baseline.json` has `min` (3) above `max` (2).",
    ],
    [
      "values of another sum",
      { ...BASELINE, features: { c: { ...CATEGORICAL, other: 5 } } },
      "`features.c` in `baseline.json` counts 7 values, but its `count` is 3.",
    ],
    [
      "no rows of texts",
      { ...BASELINE, features: { c: { ...CATEGORICAL, count: 0, values: {}, other: 0 } } },
      "`features.c` in `baseline.json` has no value.",
    ],
  ];
  for (const [name, value, message] of wrong) {
    it(`refuses ${name}`, () => assert.throws(() => parse(value), { message }));
  }

  it("refuses what is no JSON", () => {
    assert.throws(() => parseBaseline("{"), {
      message: "`baseline.json` is not valid JSON; write it with `slipway baseline`.",
    });
  });
});

describe("checkBaseline", () => {
  const check = (change: Partial<Baseline>, sha256 = SHA) =>
    checkBaseline({ ...BASELINE, ...change }, SPEC, sha256);

  it("takes features that the model has", () => {
    const features = {
      ...BASELINE.features,
      "output:y": NUMERIC,
      "input:code": CATEGORICAL,
      "input:picture~7": NUMERIC,
    };
    assert.deepEqual(check({ features }), { warnings: [] });
  });

  it("takes more projections where the baseline has them", () => {
    const projections = { "input:picture": { dimensions: 100, count: 9, seed: 1 } };
    assert.deepEqual(check({ features: { "input:picture~8": NUMERIC }, projections }).warnings, []);
  });

  it("warns of a model that it was not made with, unless it was made without one", () => {
    const other = "b".repeat(64);
    assert.deepEqual(check({}, other).warnings, [
      `\`baseline.json\` was made with a model of the SHA-256 ${SHA}, but this one has ${other}: the outputs' scores compare two models; make it again with \`slipway baseline\`.`,
    ]);
    assert.deepEqual(check({ modelSha256: undefined }, other).warnings, []);
  });

  const projection = (tensor: string, dimensions: number) => ({
    projections: { [tensor]: { dimensions, count: 8, seed: 1 } },
  });
  const wrong: [name: string, change: Partial<Baseline>, message: string][] = [
    [
      "a feature that the model lacks",
      { features: { "input:x[2]": NUMERIC } },
      "`baseline.json` has the feature `input:x[2]`, but the model has `input:x[0]`, `input:x[1]`, `input:country`, `input:code`, `input:picture~0`, `input:picture~1`, `input:picture~2`, `input:picture~3` and 5 more; make it again with `slipway baseline`.",
    ],
    [
      "numbers where the model takes texts",
      { features: { "input:country": NUMERIC } },
      "`baseline.json` has `input:country` as numeric, but it is BYTES in the model; make it again with `slipway baseline`.",
    ],
    [
      "categories where the model takes fractions",
      { features: { "input:x[0]": CATEGORICAL } },
      "`baseline.json` has `input:x[0]` as categorical, but it is FP32 in the model; make it again with `slipway baseline`.",
    ],
    [
      "a projection of short rows",
      projection("input:x", 2),
      "`baseline.json` has a projection of `input:x`, but the model has rows of 2 there, which need none.",
    ],
    [
      "a projection of nothing",
      projection("input:z", 2),
      "`baseline.json` has a projection of `input:z`, but the model has no such tensor.",
    ],
    [
      "a projection of other vectors",
      projection("input:picture", 99),
      "`baseline.json` projects vectors of 99 elements for `input:picture`, but the model's have 100.",
    ],
  ];
  for (const [name, change, message] of wrong) {
    it(`refuses ${name}`, () => assert.throws(() => check(change), { message }));
  }
});
