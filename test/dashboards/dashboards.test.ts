import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardJson, dashboards } from "../../dashboards";
import { promqlProblem } from "../../rollout/gates/promql";
import { chartsOf, expressionsOf, filledIn, panelsOf } from "./support/expressions";
import { knownMetrics, metricsIn, ofHistogram } from "./support/metric-names";

describe("dashboards", () => {
  let known: ReadonlySet<string>;

  before(async () => {
    known = await knownMetrics();
  });

  for (const name of Object.keys(dashboards)) {
    describe(name, () => {
      const dashboard = dashboards[name]!();
      const panels = panelsOf(dashboard);
      const charts = chartsOf(dashboard);

      it("lies in the component's folder as the code makes it", () => {
        const file = join(__dirname, "../../components/observability/dashboards", `${name}.json`);
        assert.equal(readFileSync(file, "utf8"), dashboardJson(name), "run `npm run dashboards`");
      });

      it("explains each panel, with a unit, and says what no series means", () => {
        for (const { title, description, fieldConfig } of charts) {
          assert.match(description ?? "", /^[A-Z].{20,}[.)]$/s, title);
          assert.ok(fieldConfig?.defaults?.unit, title);
          assert.ok(fieldConfig?.defaults?.noValue, title);
        }
      });

      it("asks in PromQL, and for metrics that there are", () => {
        const expressions = expressionsOf(dashboard);
        assert.ok(expressions.length >= charts.length);
        for (const { panel, expr } of expressions) {
          const promql = filledIn(expr, {});
          assert.equal(promqlProblem(promql), undefined, `${panel}: ${expr}`);
          const metrics = metricsIn(promql);
          assert.ok(metrics.length > 0, `${panel}: ${expr}`);
          for (const metric of metrics)
            assert.ok(known.has(metric) || known.has(ofHistogram(metric)), `${panel}: ${metric}`);
        }
      });

      it("uses only variables that it has", () => {
        const own = new Set((dashboard.templating?.list ?? []).map((variable) => variable.name));
        const used = JSON.stringify(dashboard).match(/\$\{?[a-z_A-Z]+/g) ?? [];
        for (const each of used) {
          const variable = each.replace(/^\$\{?/, "");
          assert.ok(own.has(variable) || variable.startsWith("__"), each);
        }
      });

      it("uses every variable that it has", () => {
        const text = JSON.stringify(dashboard.panels) + JSON.stringify(dashboard.templating);
        for (const { name: variable } of dashboard.templating?.list ?? [])
          assert.match(text, new RegExp(`\\$\\{?${variable}\\b`), variable);
      });

      it("puts no panel on another", () => {
        const cells = new Set<string>();
        for (const { title, gridPos } of panels) {
          const { x, y, w, h } = gridPos!;
          assert.ok(x + w <= 24, title);
          for (let column = x; column < x + w; column++) {
            for (let row = y; row < y + h; row++) {
              assert.ok(!cells.has(`${column},${row}`), title);
              cells.add(`${column},${row}`);
            }
          }
        }
      });

      it("gives each panel a title of its own", () => {
        const titles = charts.map(({ title }) => title);
        assert.deepEqual(titles, [...new Set(titles)]);
      });

      it("leads to the other dashboards with what was chosen", () => {
        const [link] = dashboard.links ?? [];
        assert.deepEqual(
          { type: link?.type, tags: link?.tags, includeVars: link?.includeVars, keepTime: link?.keepTime },
          { type: "dashboards", tags: dashboard.tags, includeVars: true, keepTime: true },
        );
      });
    });
  }

  it("are not written where a panel asks for what is not PromQL", () => {
    const typo = () => {
      const dashboard = dashboards.fleet!();
      const errors = panelsOf(dashboard).find(({ title }) => title === "Errors")!;
      (errors.targets as { expr: string }[])[0]!.expr =
        'sum(rate(slipway_inference_requests_total{namespace="$namespace"}[$__rate_interval])';
      return dashboard;
    };
    assert.throws(() => dashboardJson("fleet", typo), {
      message:
        'dashboard "fleet", panel "Errors": `sum(rate(slipway_inference_requests_total{namespace=".+"}[1m])` is not PromQL: character 63: the query ends where more is expected',
    });
  });

  it("have names of their own", () => {
    const built = Object.values(dashboards).map((build) => build());
    assert.equal(new Set(built.map(({ uid }) => uid)).size, built.length);
    assert.equal(new Set(built.map(({ title }) => title)).size, built.length);
  });

  it("lead only to dashboards and variables that there are", () => {
    const byUid = new Map(Object.values(dashboards).map((build) => [build().uid, build()]));
    const urls = [...byUid.values()].flatMap(
      (dashboard) => JSON.stringify(dashboard).match(/\/d\/[^"]+/g) ?? [],
    );
    assert.ok(urls.length >= 4);
    for (const url of urls) {
      const [, uid, query] = /^\/d\/([\w-]+)\?(.+)$/.exec(url)!;
      const variables = (byUid.get(uid)?.templating?.list ?? []).map(({ name: variable }) => variable);
      assert.ok(byUid.has(uid), url);
      for (const [, variable] of query!.matchAll(/var-(\w+)=|\$\{(\w+):queryparam\}/g))
        if (variable) assert.ok(variables.includes(variable), url);
    }
  });
});

describe("metricsIn", () => {
  it("finds names wherever a query reads one, and takes neither labels nor functions for names", () => {
    const promql =
      'label_replace(sum by (pod) (rate(a_total{pod="b_total"}[1m])), "x", "$1", "y", "(.+)") / on (z) c:d:e or {__name__="f"} > bool g';
    assert.deepEqual(metricsIn(promql), ["a_total", "c:d:e", "g"]);
  });
});
