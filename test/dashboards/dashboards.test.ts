import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardJson, dashboards } from "../../dashboards";
import { promqlProblem } from "../../rollout/gates/promql";
import { expressionsOf, filledIn, type DashboardPanel } from "./support/expressions";

const UNITS = ["reqps", "percent", "s", "bytes", "short", "none", "cps"];
const DOCUMENTED = new Set(
  readFileSync(join(__dirname, "../../docs/reference/server.md"), "utf8").match(/\bslipway_[a-z_]+/g),
);
/** What Prometheus' own client libraries and its histograms add. */
const documentedName = (metric: string) => metric.replace(/_(bucket|sum|count)$/, "");

describe("dashboards", () => {
  for (const name of Object.keys(dashboards)) {
    describe(name, () => {
      const dashboard = dashboards[name]!();
      const panels = (dashboard.panels ?? []) as DashboardPanel[];
      const charts = panels.filter(({ type }) => type !== "row");

      it("lies in the component's folder as the code makes it", () => {
        const file = join(__dirname, "../../components/observability/dashboards", `${name}.json`);
        assert.equal(readFileSync(file, "utf8"), dashboardJson(name), "run `npm run dashboards`");
      });

      it("explains each panel, with a unit, and says what no series means", () => {
        for (const { title, description, fieldConfig } of charts) {
          assert.match(description ?? "", /^[A-Z].{20,}[.)]$/s, title);
          assert.ok(
            UNITS.includes(fieldConfig?.defaults?.unit ?? ""),
            `${title}: ${fieldConfig?.defaults?.unit}`,
          );
          assert.ok(fieldConfig?.defaults?.noValue, title);
        }
      });

      it("asks in PromQL, and for metrics that the server documents", () => {
        const expressions = expressionsOf(dashboard);
        assert.ok(expressions.length >= charts.length);
        for (const { panel, expr } of expressions) {
          assert.equal(promqlProblem(filledIn(expr, {})), undefined, `${panel}: ${expr}`);
          for (const metric of expr.match(/\bslipway_[a-z_]+/g) ?? [])
            assert.ok(DOCUMENTED.has(documentedName(metric)), `${panel}: ${metric}`);
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
    });
  }

  it("have names of their own", () => {
    const built = Object.values(dashboards).map((build) => build());
    assert.equal(new Set(built.map(({ uid }) => uid)).size, built.length);
    assert.equal(new Set(built.map(({ title }) => title)).size, built.length);
  });
});
