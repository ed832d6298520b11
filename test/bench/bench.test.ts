import assert from "node:assert/strict";
import { parseArguments } from "../../bench/arguments";
import { expand, pinned } from "../../bench/cores";
import type { Figure } from "../../bench/figure";
import { MODELS } from "../../bench/models";
import { renderFigures } from "../../bench/render";
import { rowsFor } from "../../bench/rows";

describe("the benchmark", () => {
  it("keeps a process to a core where it is given one", () => {
    assert.deepEqual(pinned(3, ["node", "x.js"]), ["taskset", "-c", "3", "node", "x.js"]);
    assert.deepEqual(pinned(undefined, ["node", "x.js"]), ["node", "x.js"]);
    assert.deepEqual(expand("0-2,5"), [0, 1, 2, 5]);
    assert.deepEqual(expand("4"), [4]);
  });

  it("writes models that onnxruntime runs, the same every time", async () => {
    for (const { make } of Object.values(MODELS)) {
      assert.ok(make().bytes.equals(make().bytes));
      const [one, two] = await rowsFor(make(), 2);
      const sum = one!.expected.reduce((total, value) => total + value, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `the outputs add up to ${sum}`);
      assert.notDeepEqual(one!.expected, two!.expected);
    }
  });

  it("reads its command line", () => {
    const of = (...argv: string[]) => parseArguments(argv);
    assert.deepEqual(of(), {
      benchmarks: ["serving", "batching", "preview"],
      against: undefined,
      quick: false,
      help: false,
    });
    assert.deepEqual(of("--against", "HEAD~1", "--quick"), {
      benchmarks: ["regression"],
      against: "HEAD~1",
      quick: true,
      help: false,
    });
    assert.deepEqual(of("regression"), {
      error: "`regression` needs `--against COMMIT`, e.g. `--against HEAD~1`",
    });
    assert.deepEqual(of("servng"), {
      error:
        "benchmark `servng` must be one of: serving, batching, raw-loop, preview, policies, traffic, shadow, scale, experiment, drift, drift-cost, flame, regression; --help tells more",
    });
  });

  it("prints a ratio with its interval, and servers of one measure together", () => {
    const figure: Figure = {
      benchmark: "serving",
      measure: "tabular, json, 64 at a time",
      server: "slipway",
      value: { value: 33_942, low: 33_000, high: 34_500 },
      unit: "requests/s",
      cpuPerRequest: { value: 28.46, low: 28, high: 29 },
      p50Ms: 1.644,
      p99Ms: 5,
      against: { server: "floor-ort", ratio: { value: 1.654, low: 1.6, high: 1.7 } },
    };
    const text = renderFigures("serving", [figure, { ...figure, server: "floor-ort", against: undefined }]);
    assert.match(
      text,
      /│ tabular, json, 64 at a time │ slipway +│ 33,942 requests\/s │ 33,000 – 34,500 │ 28\.5 +│ 1\.64/,
    );
    assert.match(text, /│ floor-ort │ 1\.65 \(1\.60 – 1\.70\)/);
    assert.equal(text.split("64 at a time").length, 2);
    const widths = text
      .split("\n")
      .filter((line) => line.startsWith("│"))
      .map((line) => line.split("│").length);
    assert.equal(new Set(widths).size, 1, "every figure has a head");
    assert.match(text, /│ p50 ratio │/);
  });
});
