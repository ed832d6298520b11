import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { dashboards } from "../../dashboards";
import { PrometheusApi } from "../../dashboards/pictures/prometheus-api";
import { startStage, type Stage } from "../../dashboards/pictures/stage";
import { loadedGroups } from "../support/loaded-rules";
import { expressionsOf, filledIn } from "./support/expressions";
import { answerable, questionsOf, untilAnswered } from "./support/questions";
import { labelQueriesOf } from "./support/variables";

const PATIENCE_MS = 90_000;
/** Short enough for the stage's looks, every second. */
const INTERVALS = { __rate_interval: "5s", __range: "30s" };
/** What rules ask about and the stage does not have; `test/e2e/dashboards.e2e.ts` asks for it. */
const NOT_HERE = {
  envoy_: "there is no gateway",
  "service:slipway_servers:minimum": "there are no pods that could be counted",
  slipway_tls_certificate_expiry: "the servers have no certificates",
};

describe("the queries of dashboards and rules, asked of a real Prometheus that watches real servers", function () {
  this.timeout(PATIENCE_MS + 60_000);
  let stage: Stage;
  let prometheus: PrometheusApi;

  const promql = (expr: string) => filledIn(expr, { ...INTERVALS, ...stage.variables });
  /** The first query of a panel. */
  const expressionOf = (dashboard: string, panel: string) =>
    expressionsOf(dashboards[dashboard]!()).find((each) => each.panel === panel)!.expr;
  /** What it gives now, by its labels. */
  async function shown(dashboard: string, panel: string): Promise<Record<string, number>> {
    const expr = expressionOf(dashboard, panel);
    const series = await prometheus.instant(promql(expr));
    return Object.fromEntries(
      series.map(({ metric, value }) => [Object.values(metric).join(" "), Number(value![1])]),
    );
  }
  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; !(await holds()); await sleep(1_000))
      assert.ok(Date.now() < deadline, what);
  }

  before(async () => {
    stage = await startStage({ scrapeSeconds: 1, windowSeconds: 4 });
    prometheus = new PrometheusApi(stage.prometheus);
    await sleep(5_000);
    await stage.shift();
  });

  after(() => stage?.close());

  it("give series, every one of every panel", async () => {
    const questions = Object.keys(dashboards).flatMap((name) =>
      expressionsOf(dashboards[name]!()).map(({ panel, expr }) => ({
        of: `${name}, ${panel}`,
        promql: promql(expr),
      })),
    );
    await untilAnswered(prometheus, questions, PATIENCE_MS);
  });

  it("give series to what the rules compare, GPUs and numbers with their truth included", async () => {
    const questions = answerable(questionsOf(await loadedGroups(stage.prometheus)), NOT_HERE);
    await untilAnswered(prometheus, questions, PATIENCE_MS);
  });

  it("give the variables something to choose from", async () => {
    for (const [name, build] of Object.entries(dashboards)) {
      for (const { variable, selector, label } of labelQueriesOf(build())) {
        const series = await prometheus.instant(`count by (${label}) (${promql(selector)})`);
        const values = series.filter(({ metric }) => metric[label] !== undefined);
        assert.ok(values.length > 0, `${name}: $${variable}`);
      }
    }
  });

  it("count the GPUs that pods hold, whether Prometheus keeps an exporter's labels or renames them", async () => {
    assert.deepEqual(await shown("gpu", "GPUs"), { "": 3 });
    const held = await shown("cost", "GPUs held and busy");
    assert.deepEqual(held, { "scoring-blue": 2, "scoring-green": 1 });
    const [xid] = await prometheus.instant(promql(expressionOf("gpu", "XID errors")));
    assert.deepEqual(
      [xid?.metric.pod, xid?.metric.gpu, xid?.metric.err_msg, xid?.value?.[1]],
      ["scoring-blue-0", "1", "Double Bit ECC Error", "48"],
    );
  });

  it("tell why a GPU is throttled, bit by bit", async () => {
    const throttling = expressionsOf(dashboards.gpu!()).filter(({ panel }) => panel === "Throttling");
    const throttled = await Promise.all(
      throttling.map(async ({ expr }) => {
        const series = await prometheus.instant(promql(expr));
        return series
          .filter(({ value }) => value![1] === "1")
          .map(({ metric }) => `${metric.pod} ${metric.gpu}`);
      }),
    );
    assert.deepEqual(throttled, [["scoring-blue-0 0"], [], ["scoring-blue-0 1"], []]);
  });

  it("reckon what a service costs from what its pods reserve", async () => {
    const cost = await shown("cost", "Cost an hour");
    // Half a core, half a GiB, and two GPUs or one.
    assert.ok(Math.abs(cost["scoring-blue"]! - (0.5 * 0.04 + 0.5 * 0.005 + 2 * 2.5)) < 1e-9);
    assert.ok(Math.abs(cost["scoring-green"]! - (0.5 * 0.04 + 0.5 * 0.005 + 2.5)) < 1e-9);
    const byModel = Object.values(await shown("cost", "Cost an hour by model"));
    const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
    assert.ok(Math.abs(sum(byModel) - sum(Object.values(cost))) < 1e-6);
  });

  it("show that a column has moved, and leave alone those that have not", async () => {
    await until("the second column drifts", async () => {
      const scores = await shown("drift", "Score by feature");
      const of = (column: string) =>
        Object.entries(scores)
          .filter(([labels]) => labels.includes(column))
          .map(([, score]) => score);
      return Math.min(...of("x[1]")) > 0.2 && Math.max(...of("x[0]"), ...of("x[2]")) < 0.2;
    });
    assert.ok((await shown("drift", "Features that drifted"))[""]! >= 2);
  });

  it("list the alerts that fire", async () => {
    await until("SlipwayGpuErrors fires", async () =>
      Object.entries(await shown("fleet", "Alerts now")).some(
        ([labels, state]) => labels.includes("SlipwayGpuErrors") && state === 2,
      ),
    );
  });
});
