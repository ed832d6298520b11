import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter, Registry } from "prom-client";
import { prometheusArms, type ArmReader } from "../../../rollout/experiment/arm-reading";
import type { ExperimentMetric } from "../../../rollout/experiment/declaration";
import { Metrics } from "../../../runtime/metrics/metrics";
import type { ModelMetrics } from "../../../runtime/metrics/model-metrics";
import { eventually, startPrometheus, type RealPrometheus } from "../support/real-prometheus";

const SLOTS = ["blue", "green"] as const;

/** A process whose metrics are scraped. */
class Scraped {
  private readonly server: Server;

  constructor(registry: { metrics(): Promise<string> }) {
    this.server = createServer((_request, response) => {
      void registry.metrics().then((text) => {
        response.setHeader("content-type", "text/plain; version=0.0.4").end(text);
      });
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("arms of an A/B test asked of a real Prometheus", function () {
  this.timeout(180_000);
  // What an application counts: every user once, by the slot that answered for it.
  const shop = new Registry();
  const counter = (name: string) =>
    new Counter({ name, help: name, labelNames: ["slot"], registers: [shop] });
  const users = counter("shop_users_total");
  const buyers = counter("shop_buyers_total");
  const spent = counter("shop_spent_total");
  const spentSquares = counter("shop_spent_squares_total");
  const servers = SLOTS.map(() => new Metrics(() => true));
  const scraped = [shop, ...servers.map(({ registry }) => registry)].map((registry) => new Scraped(registry));
  let prometheus: RealPrometheus;
  let arms: ArmReader;
  let since: number;

  before(async () => {
    for (const slot of SLOTS) for (const each of [users, buyers, spent, spentSquares]) each.inc({ slot }, 0);
    const models = servers.map((metrics): ModelMetrics => metrics.forModel("m", "1"));
    models.forEach((model) => model.succeeded(0.001));
    const ports = await Promise.all(scraped.map((one) => one.listen()));
    prometheus = await startPrometheus("models", [
      { port: ports[0]!, service: "shop" },
      { port: ports[1]!, service: "text-blue" },
      { port: ports[2]!, service: "text-green" },
    ]);
    // Two scrapes of nothing: what comes then has grown since the test began.
    await sleep(2_500);
    since = Date.now() - 2_000;
    arms = prometheusArms(prometheus.reader, "green", {
      namespace: "models",
      services: { blue: "text-blue", green: "text-green" },
    });
    for (const [i, slot] of SLOTS.entries()) {
      for (let n = 0; n < 400; n++) {
        const value = n % 10 === 0 ? 20 + 10 * i : 0;
        users.inc({ slot });
        if (value > 0) buyers.inc({ slot });
        spent.inc({ slot }, value);
        spentSquares.inc({ slot }, value * value);
      }
      for (let n = 0; n < 200; n++) models[i]!.succeeded(n < 20 * (i + 1) ? 0.4 : 0.02);
    }
  });
  after(async () => {
    await prometheus.close();
    for (const one of scraped) one.close();
  });

  /** Repeats until all that was counted has been scraped. */
  const read = (metric: ExperimentMetric, count: number) =>
    eventually(
      () => arms.read(metric, undefined, since, Date.now()),
      (reading) =>
        "arms" in reading && reading.arms.live.count >= count && reading.arms.candidate.count >= count,
    ).then((reading) => (reading as Extract<typeof reading, { arms: unknown }>).arms);
  const grown = (name: string) => `sum(increase(${name}{slot="{{slot}}"}[{{window}}]))`;
  const near = (value: number, wanted: number, by: number) =>
    assert.ok(Math.abs(value - wanted) <= by, `${value} is not near ${wanted}`);

  it("counts the users of both arms, and of how many it was a success", async () => {
    const { live, candidate } = await read(
      {
        kind: "proportion",
        queries: { users: grown("shop_users_total"), successes: grown("shop_buyers_total") },
      },
      390,
    );
    // Prometheus extrapolates what grew to the window's edges, for every counter alike.
    near(live.count, 400, 120);
    near(live.mean, 0.1, 0.005);
    near(candidate.mean, 0.1, 0.005);
  });

  it("has mean and variance of a number per user", async () => {
    const queries = {
      users: 'sum(shop_users_total{slot="{{slot}}"})',
      sum: 'sum(shop_spent_total{slot="{{slot}}"})',
      squares: 'sum(shop_spent_squares_total{slot="{{slot}}"})',
    };
    const { live, candidate } = await read({ kind: "mean", queries }, 400);
    assert.deepEqual([live.count, live.mean, candidate.mean], [400, 2, 3]);
    // A tenth of the users has 20, the others nothing.
    near(live.variance, (400 * (0.1 * 400 - 4)) / 399, 1e-9);
    near(candidate.variance, (400 * (0.1 * 900 - 9)) / 399, 1e-9);
  });

  it("knows the share of slow requests by the server's own histogram", async () => {
    const { live, candidate } = await read({ kind: "latency", slowerThan: 0.25 }, 190);
    near(live.mean, 0.1, 0.01);
    near(candidate.mean, 0.2, 0.01);
    const none = await read({ kind: "latency", slowerThan: 1 }, 190);
    near(none.candidate.mean, 0, 0);
  });

  it("knows the share of failed requests, also while none has failed", async () => {
    const { live } = await read({ kind: "errorRate" }, 190);
    assert.equal(live.mean, 0);
  });

  it("says what it could not learn", async () => {
    const queries = { users: grown("shop_users_total"), successes: 'no_such_metric{slot="{{slot}}"}' };
    assert.deepEqual(await arms.read({ kind: "proportion", queries }, undefined, since, Date.now()), {
      nothing: "`successes` of the live slot cannot be told: Prometheus has no data for it",
    });
  });
});
