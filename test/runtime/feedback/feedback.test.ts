import assert from "node:assert/strict";
import { Registry } from "prom-client";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { Feedback } from "../../../runtime/feedback/feedback";
import { registerFeedbackMetrics } from "../../../runtime/feedback/feedback-metrics";
import type { FeedbackConfig } from "../../../runtime/models/model-config-types";
import { inSample } from "../../../runtime/shadow/sampling";

const BINARY: FeedbackConfig = { output: "y", task: "binary", segments: { country: { maxValues: 2 } } };

/** Feedback on fake time; what waits for the end of the turn is run by `turn`. */
class Bench {
  now = 0;
  readonly turns: (() => void)[] = [];
  readonly warnings: object[] = [];
  readonly configs: Record<string, FeedbackConfig | undefined>;
  readonly feedback = new Feedback({
    configOf: (model) => this.configs[model],
    log: { warn: (fields: object) => void this.warnings.push(fields) } as never,
    clock: { now: () => this.now, endOfTurn: (callback) => void this.turns.push(callback) },
  });

  constructor(config: FeedbackConfig = BINARY) {
    this.configs = { m: config };
  }

  turn(): void {
    for (const callback of this.turns.splice(0)) callback();
  }

  async answer(id: string | undefined, data: number[], version = "1", shape = [data.length]): Promise<void> {
    const outputs: Tensor[] = [{ name: "y", datatype: "FP32", shape, data: Float32Array.from(data) }];
    const answer = Promise.resolve(outputs);
    this.feedback.watch({ name: "m", version }, this.configs.m!, id, answer);
    await answer;
  }

  take(body: Record<string, unknown>, version?: string) {
    return this.feedback.take("m", body, {
      version,
      hasVersion: (number) => number === "1" || number === "2",
    });
  }

  async metrics(maxVersions = 100): Promise<Record<string, number>> {
    const registry = new Registry();
    registerFeedbackMetrics(registry, {
      models: () => this.feedback.models(),
      now: () => this.feedback.now,
      maxVersions,
    });
    const lines = (await registry.metrics())
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    return Object.fromEntries(
      lines.map((line) => [
        line.slice("slipway_".length, line.lastIndexOf(" ")),
        Number(line.split(" ").pop()),
      ]),
    );
  }
}

describe("Feedback", () => {
  it("grades an answer by the truth about its request id, once", async () => {
    const bench = new Bench();
    await bench.answer("a", [0.75]);
    await bench.answer("b", [0.25]);
    assert.equal((await bench.metrics())['feedback_waiting{model="m"}'], 2);
    assert.deepEqual(bench.take({ requestId: "a", truth: true }), { matched: 1, unmatched: 0, duplicate: 0 });
    assert.deepEqual(bench.take({ requestId: "a", truth: false }), {
      matched: 0,
      unmatched: 0,
      duplicate: 1,
    });
    assert.deepEqual(
      bench.take({
        feedback: [
          { requestId: "b", truth: 1, segment: { country: "DE" } },
          { requestId: "c", truth: 1 },
        ],
      }),
      { matched: 1, unmatched: 1, duplicate: 0, unmatchedIds: ["c"] },
    );
    const of = (name: string, segment: string, more = "") =>
      `${name}{model="m",version="1",segment="${segment}"${more}}`;
    const metrics = await bench.metrics();
    for (const [name, value] of [
      ['feedback_total{model="m",version="1",outcome="matched"}', 2],
      ['feedback_total{model="m",version="",outcome="unmatched"}', 1],
      ['feedback_total{model="m",version="",outcome="duplicate"}', 1],
      ['feedback_waiting{model="m"}', 0],
      [of("quality_samples", "all"), 2],
      [of("quality_samples", "country=DE"), 1],
      [of("quality", "all", ',metric="accuracy"'), 0.5],
      [of("quality", "country=DE", ',metric="accuracy"'), 0],
      [of("quality", "all", ',metric="calibration_error"'), 0.5],
      [of("quality_graded_total", "all"), 2],
      [of("quality_correct_total", "all"), 1],
      [of("quality_correct_total", "country=DE"), 0],
      [of("quality_outcomes_total", "all", ',outcome="true_positive"'), 1],
      [of("quality_outcomes_total", "all", ',outcome="false_negative"'), 1],
      [of("quality_outcomes_total", "all", ',outcome="false_positive"'), 0],
    ] as const)
      assert.equal(metrics[name], value, `${name} in ${JSON.stringify(metrics, null, 1)}`);
    // Truths of one kind alone define no area under a curve, and of a classification there is no error to add up.
    assert.equal(metrics[of("quality", "all", ',metric="roc_auc"')], undefined);
    assert.equal(metrics[of("quality_absolute_error_total", "all")], undefined);
  });

  it("adds up errors of a regression", async () => {
    const bench = new Bench({ output: "y", task: "regression" });
    await bench.answer("a", [1, 2, 3]);
    bench.take({ requestId: "a", truth: [2, null, 1] });
    const metrics = await bench.metrics();
    const labels = '{model="m",version="1",segment="all"}';
    assert.equal(metrics[`quality_graded_total${labels}`], 2);
    assert.equal(metrics[`quality_absolute_error_total${labels}`], 3);
    assert.equal(metrics[`quality_squared_error_total${labels}`], 5);
    assert.equal(metrics['quality{model="m",version="1",segment="all",metric="mae"}'], 1.5);
    assert.equal(metrics[`quality_correct_total${labels}`], undefined);
  });

  it("reads answers at the end of the turn, or before whatever looks at them", async () => {
    const bench = new Bench();
    await bench.answer("a", [0.75]);
    await bench.answer("b", [0.75]);
    assert.equal(bench.turns.length, 1, "one look for all answers of a turn");
    bench.turn();
    await bench.answer("c", [0.75]);
    assert.equal(bench.turns.length, 1);
    // Feedback that comes in the same turn finds it all the same.
    assert.equal(bench.take({ requestId: "c", truth: 1 }).matched, 1);
  });

  it("keeps nothing of answers without an id, without the output, and of failed requests", async () => {
    const bench = new Bench();
    await bench.answer(undefined, [0.5]);
    const other: Tensor = { name: "z", datatype: "FP32", shape: [1], data: Float32Array.of(1) };
    bench.feedback.watch({ name: "m", version: "1" }, BINARY, "z", Promise.resolve([other]));
    bench.feedback.watch({ name: "m", version: "1" }, BINARY, "f", Promise.reject(new Error("no")));
    await new Promise(setImmediate);
    bench.turn();
    assert.equal(bench.feedback.models().get("m")?.waiting.size ?? 0, 0);
    assert.deepEqual(bench.warnings, []);
  });

  it("keeps a sample that is chosen by the ids", async () => {
    const bench = new Bench({ ...BINARY, sampleRatio: 0.25 });
    const ids = Array.from({ length: 400 }, (_, i) => `r${i}`);
    for (const id of ids) await bench.answer(id, [0.5]);
    const chosen = ids.filter((id) => inSample(id, 25));
    assert.ok(chosen.length > 60 && chosen.length < 140, String(chosen.length));
    const feedback = ids.map((requestId) => ({ requestId, truth: 1 }));
    const { matched, unmatchedIds } = bench.take({ feedback });
    assert.equal(matched, chosen.length);
    assert.deepEqual(
      unmatchedIds,
      ids.filter((id) => !chosen.includes(id)),
    );
  });

  it("says once of a version that its answers cannot be graded", async () => {
    const bench = new Bench();
    await bench.answer("a", [1, 2, 3], "1", [1, 3]);
    await bench.answer("b", [1, 2, 3], "1", [1, 3]);
    bench.turn();
    assert.deepEqual(bench.warnings, [
      {
        model: "m",
        version: "1",
        requestId: "a",
        reason: "the answer has 3 numbers for one sample; binary has one or two",
      },
    ]);
  });

  it("is bounded whatever ids, segments and versions clients name", async () => {
    const bench = new Bench({ ...BINARY, maxPredictions: 50 });
    for (let i = 0; i < 500; i++) await bench.answer(`r${i}`, [0.5]);
    bench.turn();
    for (let round = 0; round < 5; round++) {
      const feedback = Array.from({ length: 1000 }, (_, i) => ({ requestId: `x${round}-${i}`, truth: 1 }));
      assert.equal(bench.take({ feedback }).unmatched, 1000);
    }
    const of = bench.feedback.models().get("m")!;
    assert.equal(of.waiting.size, 50);
    const feedback = Array.from({ length: 1000 }, (_, i) => ({
      requestId: `y${i}`,
      truth: 1,
      prediction: 0.5,
      version: String(1 + (i % 900)),
      segment: { country: `C${i}` },
    }));
    // Versions that the repository lacks are not counted under their names.
    const { matched, unmatched } = bench.take({ feedback });
    assert.deepEqual([matched, unmatched], [4, 996]);
    assert.deepEqual([...of.versions.keys()], ["1", "2"]);
    const segments = [...of.versions.values()].flatMap((version) => [...version.sums.keys()]);
    assert.deepEqual(new Set(segments), new Set(["all", "country=C0", "country=C1", "country:other"]));
    const series = Object.keys(await bench.metrics());
    assert.ok(series.length < 120, `${series.length} series`);
  });

  it("tells a value that clients call `other` from those that came too late for a series of their own", async () => {
    const bench = new Bench(BINARY);
    const countries = ["other", "DE", "FR", "IT", "other"];
    const feedback = countries.map((country, i) => ({
      requestId: `r${i}`,
      truth: 1,
      prediction: 0.9,
      version: "1",
      segment: { country },
    }));
    bench.take({ feedback });
    const metrics = await bench.metrics();
    const graded = (segment: string) =>
      metrics[`quality_graded_total{model="m",version="1",segment="${segment}"}`];
    assert.deepEqual(["country=other", "country=DE", "country:other"].map(graded), [2, 1, 2]);
  });

  it("grades what a client says was answered, where no replica remembers it", async () => {
    const bench = new Bench();
    const truth = { requestId: "a", truth: [1, 0], prediction: [0.9, 0.8] };
    assert.throws(() => bench.take(truth), {
      message: "`prediction` needs a `version` beside it, or one in the path: that of the answer.",
    });
    assert.deepEqual(bench.take(truth, "2"), { matched: 1, unmatched: 0, duplicate: 0 });
    assert.equal(bench.take({ ...truth, version: "2" }).duplicate, 1);
    const metrics = await bench.metrics();
    assert.equal(metrics['quality{model="m",version="2",segment="all",metric="accuracy"}'], 0.5);
    assert.equal(metrics['feedback_total{model="m",version="",outcome="invalid"}'], 1);
    // What the server remembers itself counts more than what it is told.
    await bench.answer("b", [0.9]);
    bench.take({ requestId: "b", truth: 1, prediction: 0.1, version: "1" });
    assert.equal(
      (await bench.metrics())['quality{model="m",version="1",segment="all",metric="accuracy"}'],
      1,
    );
  });

  it("finds an answer of another version only where none is named", async () => {
    const bench = new Bench();
    await bench.answer("a", [0.9], "1");
    assert.equal(bench.take({ requestId: "a", truth: 1 }, "2").unmatched, 1);
    assert.throws(() => bench.take({ requestId: "a", truth: 1, version: "2" }, "1"), {
      message: '`version` is "2", but the path says 1.',
    });
    assert.equal(bench.take({ requestId: "a", truth: 1, version: "1" }).matched, 1);
  });

  it("counts nothing of a list with anything wrong in it", async () => {
    const bench = new Bench();
    await bench.answer("a", [0.9]);
    const feedback = [
      { requestId: "a", truth: 1 },
      { requestId: "b", truth: "yes" },
    ];
    assert.throws(() => bench.take({ feedback }), {
      code: "InvalidArgument",
      message: '`feedback[1].truth` is "yes", but must be true, false, 0 or 1.',
    });
    assert.deepEqual(
      bench.take({
        feedback: [
          { requestId: "a", truth: 1 },
          { requestId: "a", truth: 0 },
        ],
      }),
      { matched: 1, unmatched: 0, duplicate: 1 },
    );
  });

  it("forgets answers after the retention, and samples after the window", async () => {
    const bench = new Bench({ ...BINARY, retentionSeconds: 60, windowSeconds: 30 });
    await bench.answer("a", [0.9]);
    await bench.answer("b", [0.9]);
    bench.now = 59_000;
    assert.equal(bench.take({ requestId: "a", truth: 1 }).matched, 1);
    bench.now = 60_000;
    assert.equal(bench.take({ requestId: "b", truth: 1 }).unmatched, 1);
    const accuracy = 'quality{model="m",version="1",segment="all",metric="accuracy"}';
    assert.equal((await bench.metrics())[accuracy], 1);
    bench.now = 89_000;
    const metrics = await bench.metrics();
    assert.equal(metrics[accuracy], undefined);
    assert.equal(metrics['quality_graded_total{model="m",version="1",segment="all"}'], 1);
  });

  it("begins anew with other rules, not with the same ones read again, and ends with its model", async () => {
    const bench = new Bench();
    await bench.answer("a", [0.9]);
    bench.turn();
    bench.configs.m = structuredClone(BINARY);
    assert.equal(bench.feedback.models().get("m")!.waiting.size, 1);
    bench.configs.m = { ...BINARY, threshold: 0.8 };
    assert.equal(bench.feedback.models().get("m")!.waiting.size, 0);
    bench.configs.m = undefined;
    assert.deepEqual([...bench.feedback.models()], []);
    assert.throws(() => bench.take({ requestId: "a", truth: 1 }), {
      code: "InvalidArgument",
      message: "Model `m` takes no feedback; its `model.json` must have `feedback` for that.",
    });
  });

  it("knows the quality of the 16 versions whose truth came last", async () => {
    const bench = new Bench();
    for (let version = 1; version <= 18; version++) {
      await bench.answer(`r${version}`, [0.9], String(version));
      bench.take({ requestId: `r${version}`, truth: 1 });
      if (version === 5) {
        await bench.answer("again", [0.9], "1");
        bench.take({ requestId: "again", truth: 1 });
      }
    }
    const { versions } = bench.feedback.models().get("m")!;
    assert.deepEqual(
      [...versions.keys()],
      ["4", "5", "1", ...Array.from({ length: 13 }, (_, i) => String(6 + i))],
    );
  });

  it("gives versions beyond those with labels of their own one series for what they count", async () => {
    const bench = new Bench();
    await bench.answer("a", [0.9], "1");
    await bench.answer("b", [0.9], "2");
    bench.take({
      feedback: [
        { requestId: "a", truth: 1 },
        { requestId: "b", truth: 0 },
      ],
    });
    const metrics = await bench.metrics(1);
    const graded = Object.entries(metrics).filter(([name]) => name.startsWith("quality_graded_total"));
    assert.deepEqual(graded, [
      ['quality_graded_total{model="m",version="1",segment="all"}', 1],
      ['quality_graded_total{model="other",version="other",segment="all"}', 1],
    ]);
    assert.equal(Object.keys(metrics).filter((name) => name.startsWith("quality_samples")).length, 1);
  });
});

describe("a body of feedback", () => {
  const id = "must be the answer's x-request-id: 1 to 160 visible ASCII characters.";
  for (const [what, body, expected] of [
    ["nothing", {}, `\`requestId\` is undefined, but ${id}`],
    ["no list", { feedback: {} }, "`feedback` is an object, but must be a list with 1 to 1000 entries."],
    ["an empty list", { feedback: [] }, "`feedback` is an array, but must be a list with 1 to 1000 entries."],
    [
      "too long a list",
      { feedback: new Array(1001).fill({}) },
      "`feedback` has 1001 entries; at most 1000 are taken, send several requests.",
    ],
    [
      "a list and more",
      { feedback: [], truth: 1 },
      'The request body has `feedback`, beside which "truth" has no meaning.',
    ],
    [
      "an entry that is none",
      { feedback: [1] },
      "`feedback[0]` is 1, but must be an object with `requestId` and `truth`.",
    ],
    [
      "an unknown field",
      { requestId: "a", truth: 1, label: 1 },
      "`label` is no field of feedback, which has requestId, truth, segment, prediction, version.",
    ],
    [
      "an id with blanks",
      { feedback: [{ requestId: "a b", truth: 1 }] },
      `\`feedback[0].requestId\` is "a b", but ${id}`,
    ],
    ["an id that is a number", { requestId: 7, truth: 1 }, `\`requestId\` is 7, but ${id}`],
    [
      "a version that is a label",
      { requestId: "a", truth: 1, version: "stable" },
      '`version` is "stable", but must be a version such as "2".',
    ],
    [
      "no truth",
      { requestId: "a" },
      "`truth` is missing; it must be what was right, or a list with one for each sample.",
    ],
    [
      "an unknown segment",
      { requestId: "a", truth: 1, segment: { city: "Ulm" } },
      '`segment` names "city", but `feedback.segments` in `model.json` has country.',
    ],
    [
      "a segment that is none",
      { requestId: "a", truth: 1, segment: "DE" },
      '`segment` is "DE", but must be an object such as {"country": "DE"}.',
    ],
    [
      "an endless segment",
      { requestId: "a", truth: 1, segment: { country: "x".repeat(65) } },
      `\`segment.country\` is "${"x".repeat(40)}", but must be a text of 1 to 64 characters.`,
    ],
    [
      "an empty segment",
      { requestId: "a", truth: 1, segment: { country: "" } },
      '`segment.country` is "", but must be a text of 1 to 64 characters.',
    ],
  ] as const) {
    it(`is refused with ${what}`, () =>
      assert.throws(() => new Bench().take(body as Record<string, unknown>), {
        code: "InvalidArgument",
        message: expected,
      }));
  }
});
