import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NumericBaseline } from "../../../runtime/drift/baseline";
import type { BaselineReport } from "../../../runtime/drift/baseline-command";
import { parseBaseline } from "../../../runtime/drift/read-baseline";
import { onnxModel } from "../../support/onnx-model";
import { runCommand } from "../../support/slipway";
import { modelFolder } from "../support/model-folder";

/** y = x + x. */
const DOUBLE = onnxModel(
  [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
  [{ name: "x", type: "float32", shape: ["n", 2] }],
  [{ name: "y", type: "float32", shape: ["n", 2] }],
);
const ROWS = Array.from({ length: 300 }, (_, i) => `${i},${i % 7 === 0 ? "" : -i},l${i}`);

describe("slipway baseline", function () {
  this.timeout(60_000);

  const repository = modelFolder({ "double/1/model.onnx": DOUBLE, "double/2/model.onnx": DOUBLE });
  const data = join(repository, "train.csv");
  writeFileSync(data, ["a,b,label", ...ROWS, ""].join("\n"));

  const slipway = (...args: string[]) =>
    runCommand("node", ["cli/bin.js", "baseline", "--model-repository", repository, ...args]);

  it("writes the profile beside the highest version, for everybody to read, and says how to pin it", async () => {
    const { status, stdout, stderr } = await slipway(
      "--model",
      "double",
      "--data",
      data,
      "--ignore",
      "label",
    );
    assert.equal(status, 0, stderr);
    const file = join(repository, "double/2/baseline.json");
    const content = readFileSync(file, "utf8");
    const sha256 = createHash("sha256").update(content).digest("hex");
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.ok(stdout.includes(`"2/baseline.json": "${sha256}"`), stdout);
    assert.match(stdout, /^input:x\[1\] {3}numeric {3}257 {3}14\.3 % /m);
    assert.match(stderr, /its 2 elements are taken from the columns in their order \(`a`, `b`\)/);
    const baseline = parseBaseline(content);
    assert.equal(baseline.modelSha256, createHash("sha256").update(DOUBLE).digest("hex"));
    assert.deepEqual(baseline.data, {
      file: "train.csv",
      sha256: createHash("sha256").update(readFileSync(data)).digest("hex"),
      rows: 300,
    });
    const y = baseline.features["output:y[0]"] as NumericBaseline;
    assert.deepEqual([y.count, y.max, Math.round(y.mean)], [300, 598, 299]);
    assert.deepEqual(readdirSync(join(repository, "double/2")).sort(), ["baseline.json", "model.onnx"]);
  });

  it("prints JSON, takes a version, a map and another file", async () => {
    const out = join(repository, "profile.json");
    const map = "a=input:x[1],b=input:x[0]";
    const args = [
      "--model",
      "double",
      "--version",
      "1",
      "--data",
      data,
      "--map",
      map,
      "--out",
      out,
      "--json",
      "--inputs-only",
    ];
    const { status, stdout, stderr } = await slipway(...args);
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout) as BaselineReport;
    assert.deepEqual([report.file, report.pin, report.rows], [out, "1/baseline.json", 300]);
    assert.deepEqual(Object.keys(report.features), ["input:x[0]", "input:x[1]"]);
    assert.equal((report.features["input:x[1]"] as NumericBaseline).max, 299);
    assert.equal(parseBaseline(readFileSync(out, "utf8")).modelSha256, undefined);
  });

  it("shows its help", async () => {
    const { status, stdout } = await slipway("--help");
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: slipway baseline --model NAME --data FILE/);
    assert.match(stdout, /Examples:\n {2}slipway baseline/);
  });

  const wrong: [name: string, args: () => string[], status: number, message: RegExp][] = [
    [
      "a model that is not there",
      () => ["--model", "nope", "--data", data],
      1,
      /^error: `--model` \(nope\) is not in `--model-repository` \(.*\), which has double\.$/m,
    ],
    [
      "data that is not there",
      () => ["--model", "double", "--data", `${data}.csv`],
      1,
      /^error: `--data` \(.*\.csv\) does not exist\.$/m,
    ],
    [
      "no data",
      () => ["--model", "double"],
      64,
      /^error: `--data` \(or SLIPWAY_DATA\) must be given: a path\.$/m,
    ],
    ["an unknown option", () => ["--modle", "double"], 64, /^error: Unknown option `--modle`/m],
  ];
  for (const [name, args, status, message] of wrong) {
    it(`refuses ${name} in one sentence, and writes nothing`, async () => {
      const out = join(repository, "never.json");
      const ended = await slipway(...args(), "--out", out);
      assert.deepEqual([ended.status, ended.stdout, existsSync(out)], [status, "", false]);
      assert.match(ended.stderr, message);
      assert.equal(ended.stderr.trim().split("\n").length, 1, ended.stderr);
    });
  }

  it("refuses a model whose pinned digest is another", async () => {
    const pinned = modelFolder({
      "double/1/model.onnx": DOUBLE,
      "double/model.json": JSON.stringify({ sha256: { "1": "0".repeat(64) } }),
    });
    const { status, stderr } = await slipway(
      "--model-repository",
      pinned,
      "--model",
      "double",
      "--data",
      data,
    );
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^error: version 1 of `double` cannot be loaded: `model\.onnx` has the SHA-256 [0-9a-f]{64}, but `model\.json` pins 0{64};/m,
    );
  });
});
