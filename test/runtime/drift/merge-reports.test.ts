import assert from "node:assert/strict";
import { mergeReports, type WholeReport } from "../../../runtime/drift/merge-reports";
import { driftReport } from "../../../runtime/drift/monitor/drift-report";
import { FakeClock, follow, type Followed } from "./monitor/support";

const CONFIG = { windowSeconds: 20, minSamples: 100 };
const reportOf = ({ monitor }: Followed): WholeReport =>
  JSON.parse(JSON.stringify(driftReport(monitor, true))) as WholeReport;

/** Two replicas whose clocks agree; each sees its own rows. */
function replicas(): [Followed, Followed] {
  return [follow(CONFIG, { seed: 1 }), follow(CONFIG, { seed: 2, clock: new FakeClock() })];
}

describe("merging what replicas say of drift", () => {
  it("gives the counts of all, judged as one", async () => {
    const [first, second] = replicas();
    for (let i = 0; i < 20; i++) {
      await first.second(10);
      await second.second(10, 1);
    }
    const [a, b] = [reportOf(first), reportOf(second)];
    const [merged] = mergeReports([a, b]);
    assert.equal(merged!.replicas, 2);
    assert.equal(merged!.merged, 2);
    assert.equal(merged!.rows, a.rows + b.rows);
    assert.equal(merged!.window!.rows, a.window!.rows + b.window!.rows);
    const feature = "input:x[0]";
    const counts = [a, b].map(({ window }) => window!.features[feature]!.summary.counts);
    assert.deepEqual(
      merged!.window!.features[feature]!.summary.counts,
      counts[0]!.map((count, i) => count + counts[1]![i]!),
    );
    const psi = [a, b, merged!].map(({ window }) => window!.features[feature]!.scores.psi!);
    assert.ok(psi[0]! < psi[2]! && psi[2]! < psi[1]!, psi.join(" "));
    assert.equal(merged!.state, "drifted");
  });

  it("judges replicas together that have too few rows each", async () => {
    const [first, second] = replicas();
    for (let i = 0; i < 20; i++) for (const each of [first, second]) await each.second(3);
    const states = (report: WholeReport) =>
      new Set(Object.values(report.window!.features).map(({ state }) => state));
    assert.deepEqual(states(reportOf(first)), new Set(["insufficient"]));
    assert.equal(mergeReports([reportOf(first)])[0]!.state, "insufficient");
    assert.equal(mergeReports([reportOf(first), reportOf(second)])[0]!.state, "stable");
  });

  it("leaves a replica out whose latest window is another one, and says so", async () => {
    const [first, second] = replicas();
    for (let i = 0; i < 20; i++) await first.second(10);
    for (let i = 0; i < 30; i++) await second.second(10);
    const [merged] = mergeReports([reportOf(first), reportOf(second)]);
    assert.deepEqual([merged!.replicas, merged!.merged], [2, 1]);
    assert.deepEqual(merged!.window!.end, reportOf(second).window!.end);
    assert.equal(merged!.window!.rows, reportOf(second).window!.rows);
  });

  it("has no window before the first has ended", async () => {
    const [first] = replicas();
    await first.second(10);
    const [merged] = mergeReports([reportOf(first)]);
    assert.deepEqual([merged!.window, merged!.merged, merged!.state], [null, 0, "insufficient"]);
  });

  it("keeps versions and baselines apart, versions in their order", async () => {
    const [first] = replicas();
    const report = reportOf(first);
    const versions = ["10", "9"].map((model_version) => ({ ...report, model_version }));
    const other = { ...report, model_version: "9", baseline_sha256: "c".repeat(64) };
    assert.deepEqual(
      mergeReports([...versions, other]).map((each) => [each.model_version, each.baseline_sha256[0]]),
      [
        ["9", "b"],
        ["9", "c"],
        ["10", "b"],
      ],
    );
  });
});
