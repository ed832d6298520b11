import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { hashOfKey } from "../../../runtime/auth/api-keys";
import {
  COMPARE_OPTIONS,
  compare,
  startComparator,
  type CompareOptions,
  type RunningComparator,
} from "../../../runtime/comparator/compare-command";
import { ComparisonSummary, type StoredSummary } from "../../../rollout/comparison/summary";
import { completeOptions } from "../../../runtime/option-table";

const log = pino({ level: "silent" });
const line = (requestId: string, data: unknown, more: object = {}) =>
  JSON.stringify({
    requestId,
    model: "m",
    outputs: [{ name: "y", datatype: "FP32", shape: [2], data }],
    ...more,
  });

function optionsWith(change: Partial<CompareOptions> = {}): CompareOptions {
  const given = { live: "blue", host: "127.0.0.1", httpPort: 0, ...change };
  return completeOptions(COMPARE_OPTIONS, given) as unknown as CompareOptions;
}

describe("slipway compare", () => {
  const running: RunningComparator[] = [];
  const folder = mkdtempSync(join(tmpdir(), "slipway-compare-"));
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.close()));
  });

  async function start(change: Partial<CompareOptions> = {}) {
    const one = await startComparator(optionsWith(change), log);
    running.push(one);
    const at = `http://127.0.0.1:${one.port}`;
    return {
      post: async (slot: string, body: string, headers: Record<string, string> = {}) => {
        const response = await fetch(`${at}/v1/outputs/${slot}`, { method: "POST", body, headers });
        return [response.status, await response.json()] as [number, Record<string, unknown>];
      },
      get: async (path: string, headers: Record<string, string> = {}) => {
        const response = await fetch(at + path, { headers });
        return [response.status, await response.text()] as [number, string];
      },
    };
  }

  it("compares what both slots answered, and tells of it as JSON and to Prometheus", async () => {
    const { post, get } = await start();
    const blue = [line("1", [0.1, 0.9]), line("2", [0.1, 0.9]), line("3", [1, 2])].join("\n");
    assert.deepEqual(await post("blue", blue), [202, { taken: 3, refused: 0, mistakes: [] }]);
    await post("green", `${line("2", [0.1, 0.4])}\n${line("1", [0.1, 0.9])}\n`);
    const [status, text] = await get("/v1/report");
    assert.equal(status, 200);
    const report = JSON.parse(text) as {
      waiting: { answers: number };
      models: { m: { requests: number; equal: number; outputs: { outside: number; worst: unknown }[] } };
    };
    assert.equal(report.waiting.answers, 1);
    assert.deepEqual([report.models.m.requests, report.models.m.equal], [2, 1]);
    assert.equal(report.models.m.outputs[0]!.outside, 1);
    assert.deepEqual(report.models.m.outputs[0]!.worst, { request: "2", distance: 0.5 });
    const [, metrics] = await get("/metrics");
    assert.match(metrics, /^slipway_comparison_requests_total\{model="m",result="different"\} 1$/m);
    assert.match(metrics, /^slipway_comparison_values_outside_total\{model="m",output="y"\} 1$/m);
    assert.match(metrics, /^slipway_comparison_waiting_answers 1$/m);
    assert.match(metrics, /^slipway_comparison_distance\{model="m",output="y",quantile="0.99"\} 0\.50\d+$/m);
  });

  it("takes the slot that is live for the one that is compared with", async () => {
    const { post, get } = await start({ live: "green" });
    await post("blue", line("1", [1, 2]));
    await post("green", line("1", [1, 2], { outputs: [] }));
    const [, text] = await get("/v1/report");
    const { models } = JSON.parse(text) as { models: { m: Record<string, number> } };
    assert.deepEqual([models.m.missing, models.m.unexpected], [0, 1]);
  });

  it("reads what JSON has no numbers for", async () => {
    const { post, get } = await start();
    const wide = (value: string) =>
      line("1", [value, "5"], {
        outputs: [{ name: "y", datatype: "INT64", shape: [2], data: [value, "5"] }],
      });
    await post("blue", `${line("2", ["NaN", "-Infinity"])}\n${wide("9007199254740993")}`);
    await post("green", `${line("2", ["NaN", "-Infinity"])}\n${wide("9007199254740992")}`);
    const [, text] = await get("/v1/report");
    const { models } = JSON.parse(text) as { models: { m: Record<string, number> } };
    assert.deepEqual([models.m.requests, models.m.equal], [2, 1]);
  });

  it("gives a summary that joins with others'", async () => {
    const { post, get } = await start();
    await post("blue", line("1", [1, 2]));
    await post("green", line("1", [1, 3]));
    const [, text] = await get("/v1/summary");
    const { m } = JSON.parse(text) as Record<string, StoredSummary>;
    const joined = ComparisonSummary.of(m!);
    joined.join(ComparisonSummary.of(m!));
    assert.equal(joined.report().requests, 2);
    assert.equal(joined.report().outputs[0]!.outside, 2);
  });

  it("follows the rules of its file", async () => {
    const file = join(folder, "rules.json");
    writeFileSync(file, JSON.stringify({ outputs: { y: { absolute: 0.5, topK: 1 } } }));
    const { post, get } = await start({ rules: file });
    await post("blue", line("1", [1, 2]));
    await post("green", line("1", [1, 2.5]));
    const [, metrics] = await get("/metrics");
    assert.match(metrics, /^slipway_comparison_requests_total\{model="m",result="equal"\} 1$/m);
    assert.match(metrics, /^slipway_comparison_rows_same_first_total\{model="m",output="y"\} 1$/m);
  });

  it("says which lines it could not take, and takes the others", async () => {
    const { post } = await start();
    const body = ["{", "[]", line("a b", [1]), line("1", [1], { model: "" }), line("2", [1, 2])].join("\n");
    assert.deepEqual(await post("blue", body), [
      202,
      {
        taken: 1,
        refused: 4,
        mistakes: [
          "line 1: it is not JSON",
          "line 2: it must be an object",
          "line 3: `requestId` must be a text of 1 to 128 visible ASCII characters",
          "line 4: `model` must be a text of 1 to 200 characters",
        ],
      },
    ]);
  });

  it("refuses what it cannot use, in a sentence", async () => {
    const { post, get } = await start({ maxBodyBytes: 1024 });
    assert.deepEqual(await post("red", ""), [404, { error: 'The slot "red" must be blue or green.' }]);
    assert.deepEqual(await post("blue", "\n"), [400, { error: "Nothing was taken: the body is empty." }]);
    const [status, { error }] = await post("blue", "x".repeat(2000));
    assert.deepEqual([status, error], [413, "The body must have at most 1024 bytes."]);
    assert.deepEqual(await get("/v1/outputs/blue"), [405, '{"error":"The method must be POST."}']);
    assert.equal((await get("/nowhere"))[0], 404);
    assert.deepEqual(await get("/v2/health/ready"), [200, '{"ready":true}']);
  });

  it("asks for an API key where it has a file of them", async () => {
    const file = join(folder, "keys");
    writeFileSync(file, `blue sha256:${hashOfKey("slw_right")} infer\n`);
    const { post, get } = await start({ apiKeysFile: file });
    assert.equal((await post("blue", line("1", [1, 2])))[0], 401);
    assert.equal((await post("blue", line("1", [1, 2]), { "x-api-key": "slw_right" }))[0], 202);
    assert.equal((await get("/v1/report", { "x-api-key": "slw_right" }))[0], 403);
    assert.equal((await get("/v2/health/live"))[0], 200);
  });

  it("refuses bad usage in a sentence", async () => {
    await assert.rejects(compare(["--live", "red"]), {
      message: "`--live` (red) must be one of blue, green.",
    });
    await assert.rejects(compare(["--live", "blue", "--tls-cert", "x"]), {
      message: "`--tls-cert` and `--tls-key` must be given together.",
    });
    const bad: [string, string][] = [
      ["{", "it is not JSON"],
      ['{"other":{}}', "`other` is unknown; there are `outputs` and `others`"],
      [
        '{"others":{"absolut":1}}',
        "`others.absolut` is unknown; there are absolute, relative, nanEqual, topK",
      ],
      ['{"outputs":{"y":{"topK":"5"}}}', "`outputs.y.topK` must be a number"],
      ['{"others":{"absolute":-1}}', "`others.absolute`: -1 must be a number >= 0"],
    ];
    for (const [text, sentence] of bad) {
      const rules = join(folder, "rules.json");
      writeFileSync(rules, text);
      await assert.rejects(startComparator(optionsWith({ rules }), log), {
        message: `\`--rules\` (${rules}): ${sentence}.`,
      });
    }
  });

  it("names the port that is taken", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    await assert.rejects(startComparator(optionsWith({ httpPort: port }), log), {
      message: new RegExp(`^\`--http-port\` \\(${port}\\) of 127\\.0\\.0\\.1 cannot be used: .*EADDRINUSE`),
    });
    blocker.close();
  });
});
