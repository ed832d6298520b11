import assert from "node:assert/strict";
import { judge, type KitResult } from "../../bench/peers/criteria";

/** A server's runs on one point, as the kit writes them. */
const measured = (server: string, format: string, concurrency: number, rates: readonly number[]) => {
  const key = { server, model: "tabular", format, concurrency };
  const rps = [...rates].sort((a, b) => a - b)[rates.length >> 1]!;
  const own = { p50_ms: 1, p99_ms: 2, errors: 0, rss_mib: 100, start_s: 0.5, cpu_us_per_request: 1e6 / rps };
  const runs = rates.map((rate) => ({
    rps: rate,
    p50_us: 1000,
    p99_us: 2000,
    cpu_us_per_request: 1e6 / rate,
    rss: 100 * 2 ** 20,
  }));
  return { point: { ...key, ...own, rps, doubtful: false }, raw: { ...key, runs } };
};

const result = (...all: ReturnType<typeof measured>[]): KitResult => ({
  points: all.map(({ point }) => point),
  raw_points: all.map(({ raw }) => raw),
  limits: [],
});

describe("the peers' kit, held against what is asked", () => {
  it("compares the same run of two servers, so that a slow round changes neither ratio nor interval", () => {
    const [verdict] = judge(
      result(
        measured("slipway", "json", 64, [8000, 4000, 16_000]),
        measured("pytriton", "json", 64, [1000, 500, 2000]),
      ),
    );
    assert.equal(verdict?.criterion, "tabular json c=64 against the best peer");
    assert.equal(verdict.measured, 8);
    assert.ok(Math.abs(verdict.interval!.low - 8) < 1e-6 && Math.abs(verdict.interval!.high - 8) < 1e-6);
    assert.equal(verdict.holds, true);
  });

  it("shows how far the runs differ, and misses below the bound", () => {
    const [verdict] = judge(
      result(
        measured("slipway", "json", 64, [5000, 6000, 7000]),
        measured("pytriton", "json", 64, [1000, 1000, 1000]),
      ),
    );
    assert.equal(verdict?.measured, 6);
    assert.ok(verdict.interval!.low < 5 && verdict.interval!.high > 7);
    assert.equal(verdict.holds, false);
  });

  it("claims no interval for a single run, nor for the time to the first answer", () => {
    const single = judge(
      result(measured("slipway", "json", 64, [8000]), measured("pytriton", "json", 64, [1000])),
    );
    assert.equal(single[0]?.interval, undefined);
    const first = judge(result(measured("slipway", "json", 1, [300, 301, 302])));
    assert.deepEqual(
      first.map(({ criterion, interval }) => [criterion, interval]),
      [["seconds from start to the first answer", undefined]],
    );
  });

  it("takes the fastest peer that is no floor", () => {
    const [verdict] = judge(
      result(
        measured("slipway", "json", 64, [8000, 8000]),
        measured("kserve", "json", 64, [1000, 1000]),
        measured("pytriton", "json", 64, [2000, 2000]),
        measured("floor-http", "json", 64, [9000, 9000]),
      ),
    );
    assert.equal(verdict?.measured, 4);
  });
});
