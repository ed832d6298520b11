import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen, type Heard } from "../../examples/baselines/listening";
import { sampleBaseline } from "../../examples/baselines/make";
import { speechClips } from "../../examples/baselines/speech";
import { LINE_HEIGHT, LINE_WIDTH, scannedLines } from "../../examples/baselines/text-lines";
import type { Baseline } from "../../runtime/drift/baseline";
import { seededUniform } from "../../runtime/drift/projection";
import { cellsOf } from "../../runtime/drift/histogram";
import { populationStability } from "../../runtime/drift/scores";
import { createSummary } from "../../runtime/drift/summary";
import {
  baselineFile,
  CATALOGUE,
  layOutRepository,
  packModels,
  type PackedModel,
} from "../../toolchain/models";
import { silent } from "../../toolchain/progress";
import { FakeClock } from "../runtime/drift/monitor/support";
import { RunningServer } from "../runtime/support/running-server";

/** Another one than the baselines were made with. It draws the server's samples, too: by chance one in some is far off. */
const SEED = 4711;
/** Kilobytes that a clone must not have to carry. */
const MOST_BYTES = 64 * 1024;

const committed = (model: Pick<PackedModel, "name" | "version">): Baseline =>
  JSON.parse(readFileSync(baselineFile(model), "utf8")) as Baseline;

describe("the baselines of the models that come with the project", () => {
  const clock = new FakeClock();
  let dir: string;
  let models: PackedModel[];
  let server: RunningServer;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "slipway-baselines-"));
    models = await packModels(silent);
    await layOutRepository(models, dir);
    server = await RunningServer.start(dir, {}, { driftClock: clock, driftRandom: seededUniform(SEED) });
  });
  after(async () => {
    await server?.close();
    await rm(dir, { recursive: true });
  });

  it("are small, and of the very models that are served", () => {
    for (const model of CATALOGUE) {
      assert.ok(statSync(baselineFile(model)).size < MOST_BYTES, model.name);
      assert.equal(committed(model).modelSha256, model.sha256);
    }
  });

  it("are made from samples that come out the same on every machine", () => {
    const hash = createHash("sha256");
    for (const clip of speechClips(1, 64)) hash.update(Buffer.from(clip.buffer));
    const digest = hash.digest("hex");
    for (const version of ["5", "6"])
      assert.equal(committed({ name: "silero-vad", version }).data.sha256, digest);
    const lines = createHash("sha256");
    for (const line of scannedLines(1, 200)) lines.update(Buffer.from(line.buffer));
    assert.equal(committed({ name: "pp-ocrv4-rec", version: "4" }).data.sha256, lines.digest("hex"));
  });

  it("are what making them again gives, but for the last digits of the processor's arithmetic", async () => {
    const model = models.find(({ name, version }) => name === "silero-vad" && version === "5")!;
    const again = await sampleBaseline(model);
    const before = committed(model);
    assert.deepEqual(Object.keys(again.features), Object.keys(before.features));
    for (const [feature, expected] of Object.entries(before.features)) {
      const made = again.features[feature]!;
      assert.equal(made.count, expected.count, feature);
      if (expected.kind !== "numeric" || made.kind !== "numeric") continue;
      const summary = createSummary(expected);
      assert.equal(summary.kind, "numeric");
      made.counts.forEach((count, i) => ((summary.counts as Float64Array)[i] = count));
      assert.ok(populationStability(cellsOf(expected, summary)) < 1e-3, feature);
    }
  });

  const statesOf = async (model: string): Promise<Record<string, string[]>> => {
    const { status, body } = await server.call("GET", `/v2/models/${model}/drift`);
    assert.equal(status, 200, body.error);
    const states: Record<string, string[]> = { drifted: [], stable: [], insufficient: [] };
    for (const [feature, { state }] of Object.entries<{ state: string }>(body.window.features))
      states[state]!.push(feature);
    return states;
  };

  /** Two panes of 15 s, so that the window has nothing else. */
  async function window(ask: (second: number) => Promise<void>): Promise<void> {
    clock.pass(15 - (Math.floor(clock.time / 1000) % 15));
    for (let second = 0; second < 30; second++) {
      await ask(second);
      clock.pass(1);
    }
  }

  const requestOf = ({ input, state, sr }: Heard) => ({
    inputs: [
      { name: "input", datatype: "FP32", shape: [1, input.length], data: [...input] },
      { name: "state", datatype: "FP32", shape: [2, 1, 128], data: [...state] },
      { name: "sr", datatype: "INT64", shape: [], data: [sr] },
    ],
  });

  async function hear(version: string, clips: readonly Float32Array[]): Promise<void> {
    await window(async (second) => {
      const clip = clips[second];
      if (clip === undefined) return;
      await listen(clip, async (heard) => {
        const { status, body } = await server.infer(`silero-vad/versions/${version}`, requestOf(heard));
        assert.equal(status, 200, body.error);
        const outputs = body.outputs as { name: string; data: number[] }[];
        return Float32Array.from(outputs.find(({ name }) => name === "stateN")!.data);
      });
    });
  }

  for (const version of ["5", "6"]) {
    it(`take other speech for no drift, and a microphone that has gone faint for one: silero-vad ${version}`, async () => {
      const clips = speechClips(SEED, 12);
      await hear(version, clips);
      const usual = await statesOf(`silero-vad/versions/${version}`);
      assert.deepEqual([usual.drifted, usual.insufficient], [[], []]);
      await hear(
        version,
        clips.map((clip) => clip.map((sample) => sample / 20)),
      );
      const faint = await statesOf(`silero-vad/versions/${version}`);
      assert.ok(faint.drifted!.includes("input:input"), JSON.stringify(faint));
    });
  }

  it("take other lines for no drift, and white on black for one: pp-ocrv4-rec", async () => {
    const lines = scannedLines(SEED, 30);
    const read = (turned: 1 | -1) =>
      window(async (second) => {
        const data = Array.from(lines[second]!, (shade) => turned * shade);
        const { status, body } = await server.infer("pp-ocrv4-rec", {
          inputs: [{ name: "x", datatype: "FP32", shape: [1, 3, LINE_HEIGHT, LINE_WIDTH], data }],
        });
        assert.equal(status, 200, String(body.error));
      });
    await read(1);
    const usual = await statesOf("pp-ocrv4-rec");
    assert.deepEqual([usual.drifted, usual.insufficient], [[], []]);
    await read(-1);
    assert.ok((await statesOf("pp-ocrv4-rec")).drifted!.includes("input:x"));
  });
});
