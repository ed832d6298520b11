import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import {
  COMPARE_OPTIONS,
  startComparator,
  type CompareOptions,
} from "../../../runtime/comparator/compare-command";
import { SummaryFile, type StoredComparison } from "../../../runtime/comparator/summary-file";
import { completeOptions } from "../../../runtime/option-table";

describe("the comparator's summary in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-summary-"));
  const file = join(folder, "summary.json");
  const warnings: string[] = [];
  const log = pino(
    { level: "info" },
    { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) },
  );
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    rmSync(file, { force: true });
    warnings.length = 0;
  });

  const answer = (requestId: string, data: number[]) =>
    JSON.stringify({
      requestId,
      model: "m",
      outputs: [{ name: "y", datatype: "FP32", shape: [data.length], data }],
    });

  /** A process that compares so many pairs and ends. @returns what it told */
  async function compared(ids: readonly string[], change: Partial<CompareOptions> = {}) {
    const given = { live: "blue", host: "127.0.0.1", httpPort: 0, summaryFile: file, ...change };
    const options = completeOptions(COMPARE_OPTIONS, given) as unknown as CompareOptions;
    const running = await startComparator(options, log);
    const at = `http://127.0.0.1:${running.port}`;
    const lines = (value: number) => ids.map((id) => answer(id, [1, value])).join("\n");
    if (ids.length > 0) {
      await fetch(`${at}/v1/outputs/blue`, { method: "POST", body: lines(1) });
      await fetch(`${at}/v1/outputs/green`, { method: "POST", body: lines(2) });
    }
    const metrics = await (await fetch(`${at}/metrics`)).text();
    const report = (await (await fetch(`${at}/v1/report`)).json()) as {
      models: Record<string, { requests: number; outputs: { worst: { request: string } }[] }>;
    };
    await running.close();
    const number = (name: string) => Number(new RegExp(`^${name}(?:{.*})? (.*)$`, "m").exec(metrics)?.[1]);
    return {
      requests: report.models.m?.requests,
      worst: report.models.m?.outputs[0]!.worst.request,
      different: Number(
        /^slipway_comparison_requests_total{model="m",result="different"} (.*)$/m.exec(metrics)?.[1],
      ),
      distance: number("slipway_comparison_distance"),
      began: number("slipway_comparison_began_timestamp_seconds"),
    };
  }

  it("goes on in the next process, while counters count from nothing", async () => {
    const first = await compared(["1", "2", "3"]);
    assert.deepEqual([first.requests, first.different], [3, 3]);
    assert.ok(Math.abs(first.began - Date.now() / 1000) < 60);
    const nothing = await compared([]);
    assert.deepEqual([nothing.requests, nothing.different, nothing.began], [3, NaN, first.began]);
    const second = await compared(["4", "5"]);
    assert.deepEqual([second.requests, second.different, second.began], [5, 2, first.began]);
    assert.ok(Math.abs(second.distance - 1) < 0.02, "the gauge is of all");
    assert.equal(second.worst, "1");
    assert.deepEqual(readdirSync(folder), ["summary.json"], "nothing half-written stays");
  });

  it("begins anew where another slot is live, or other rules hold", async () => {
    await compared(["1"]);
    assert.equal((await compared(["2"], { live: "green" })).requests, 1);
    const rules = join(folder, "rules.json");
    writeFileSync(rules, JSON.stringify({ others: { absolute: 5 } }));
    const other = await compared(["3"], { live: "green", rules });
    assert.deepEqual([other.requests, other.different], [1, 0]);
    assert.ok(warnings.includes("the summary is of another comparison: it begins anew"));
    rmSync(rules);
  });

  for (const text of ["{", "{}", '{"began":1,"models":{"m":{"counts":{},"outputs":{"y":{}}}}}']) {
    it(`begins anew, and says so, where the file holds ${text}`, async () => {
      writeFileSync(file, text);
      assert.equal((await compared(["1"])).requests, 1);
      assert.ok(warnings.includes("the summary cannot be read: it begins anew"), warnings.join());
      assert.equal((JSON.parse(readFileSync(file, "utf8")) as StoredComparison).live, "blue");
    });
  }

  it("says once that it cannot be written, and goes on comparing", async () => {
    assert.equal((await compared(["1", "2"], { summaryFile: join(folder, "none", "s.json") })).requests, 2);
    assert.deepEqual(
      warnings.filter((line) => line === "the summary cannot be written"),
      ["the summary cannot be written"],
    );
  });

  it("is not written anew while nothing changes", () => {
    const one = new SummaryFile(file, log);
    const stored = { live: "blue", rules: {}, began: 5, models: {} } as const;
    one.write(stored);
    rmSync(file);
    one.write(stored);
    assert.deepEqual(readdirSync(folder), []);
    one.write({ ...stored, began: 6 });
    assert.equal(one.read("blue", {})?.began, 6);
  });
});
