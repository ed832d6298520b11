import assert from "node:assert/strict";
import { heatmapOf, statesOf, tableOf } from "../../../dashboards/pictures/cells";
import { pageOf } from "../../../dashboards/pictures/page";
import { fillIn, type CommittedDashboard, type PanelData } from "../../../dashboards/pictures/panel-data";
import { plotOf } from "../../../dashboards/pictures/plots";
import { moved } from "../../../dashboards/pictures/stage/fixtures";

const SPAN = { start: 100, end: 130, step: 10 };

function panel(
  type: string,
  series: readonly { name: string; values?: [number, string][]; value?: [number, string]; metric?: object }[],
  settings: object = {},
): PanelData {
  return {
    panel: {
      type,
      title: "Title <1>",
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
      fieldConfig: { defaults: { unit: "none", noValue: "nothing & nobody", ...settings }, overrides: [] },
    },
    series: series.map((each) => ({
      query: 0,
      ...each,
      metric: { ...each.metric } as Record<string, string>,
    })),
  };
}

describe("pictures", () => {
  it("fill in variables: chosen ones, typed ones, Grafana's own, and all where nothing is chosen", () => {
    const dashboard = {
      title: "T",
      panels: [],
      templating: {
        list: [
          { name: "price", type: "textbox", query: "0.04" },
          { name: "measure", type: "query", query: "label_values(x, y)", current: { value: "psi" } },
          { name: "service", type: "query", query: "label_values(x, z)" },
        ],
      },
    } satisfies CommittedDashboard;
    const fill = fillIn(dashboard, { namespace: "models" }, SPAN);
    assert.equal(
      fill('$price * a{n="$namespace",s=~"$service",m="$measure"}[$__rate_interval] + b[$__range:1m]'),
      '0.04 * a{n="models",s=~".+",m="psi"}[40s] + b[30s:1m]',
    );
  });

  it("put values on the times that were asked for, and leave gaps where there are none", () => {
    const { lines, times } = plotOf(
      panel("timeseries", [
        {
          name: "a",
          values: [
            [110, "2"],
            [130, "NaN"],
          ],
        },
      ]),
      SPAN,
    );
    assert.deepEqual(times, [100, 110, 120, 130]);
    assert.deepEqual(lines[0]!.values, [null, 2, null, null]);
    assert.equal(lines[0]!.last, 2);
  });

  it("put stacked lines on each other, and say in the legend what each is by itself", () => {
    const data = panel("timeseries", [
      {
        name: "a",
        values: [
          [100, "1"],
          [110, "2"],
        ],
      },
      { name: "b", values: [[110, "5"]] },
    ]);
    const stacking = {
      matcher: { id: "byRegexp", options: ".*" },
      properties: [{ id: "custom.stacking", value: {} }],
    };
    const stacked = {
      ...data,
      panel: { ...data.panel, fieldConfig: { ...data.panel.fieldConfig, overrides: [stacking] } },
    };
    const { lines } = plotOf(stacked, SPAN);
    assert.deepEqual(
      lines.map(({ values }) => values),
      [
        [1, 2, null, null],
        [1, 7, null, null],
      ],
    );
    assert.deepEqual(
      lines.map(({ last }) => last),
      [2, 5],
    );
  });

  it("give a slot its colour where one line is of it", () => {
    const overrides = ["blue", "green"].map((fixedColor) => ({
      matcher: { id: "byRegexp", options: `.*${fixedColor}.*` },
      properties: [{ id: "color", value: { mode: "fixed", fixedColor } }],
    }));
    const colors = (names: string[]) => {
      const data = panel(
        "timeseries",
        names.map((name) => ({ name })),
      );
      const fieldConfig = { ...data.panel.fieldConfig, overrides };
      return plotOf({ ...data, panel: { ...data.panel, fieldConfig } }, SPAN).lines.map(({ color }) => color);
    };
    assert.deepEqual(colors(["x-blue", "x-green"]), ["#3274d9", "#56a64b"]);
    const [first, second] = colors(["x-blue p50", "x-blue p99"]);
    assert.notEqual(first, second);
  });

  it("take cumulative buckets apart, the highest on top, without those that nothing fell into", () => {
    const bucket = (le: string, count: string) => ({
      name: le,
      metric: { le },
      values: [[100, count]] as [number, string][],
    });
    const rows = heatmapOf(
      panel("heatmap", [bucket("+Inf", "8"), bucket("0.1", "0"), bucket("1", "8"), bucket("0.5", "2")]),
      SPAN,
    );
    assert.deepEqual(
      rows.map(({ bound, shares }) => [bound, shares[0]]),
      [
        ["1", 1],
        ["0.5", 2 / 6],
      ],
    );
  });

  it("join what is so for a while into one stretch", () => {
    const mappings = [
      { options: { "0": { text: "no", color: "red" }, "1": { text: "yes", color: "green" } } },
    ];
    const { rows, meanings } = statesOf(
      panel(
        "state-timeline",
        [
          {
            name: "a",
            values: [
              [100, "1"],
              [110, "1"],
              [120, "0"],
            ],
          },
        ],
        { mappings },
      ),
      SPAN,
    );
    assert.deepEqual(rows[0]!.stretches, [
      { share: 0.5, color: "#56a64b" },
      { share: 0.25, color: "#e02f44" },
      { share: 0.25, color: undefined },
    ]);
    assert.deepEqual(
      meanings.map(({ text }) => text),
      ["no", "yes"],
    );
  });

  it("make one row of what has the same labels, the greatest on top", () => {
    const data = panel("table", [
      { name: "", metric: { feature: "a" }, value: [130, "1"] },
      { name: "", metric: { feature: "b" }, value: [130, "3"] },
    ]);
    const missing = { ...data.series[0]!, query: 1, value: [130, "0.5"] as const };
    const organize = {
      indexByName: { feature: 0, "Value #A": 1, "Value #B": 2 },
      renameByName: { feature: "Feature", "Value #A": "Score", "Value #B": "Missing" },
    };
    const rows = tableOf({
      panel: { ...data.panel, transformations: [{ id: "organize", options: organize }] },
      series: [...data.series, missing],
    });
    assert.deepEqual(rows, [
      ["Feature", "Score", "Missing"],
      ["b", "3", ""],
      ["a", "1", "0.5"],
    ]);
  });

  it("say in an empty panel what that means, and write nothing of a label as HTML", () => {
    const { html, plots } = pageOf({
      title: "T",
      note: "Not a screenshot.",
      span: SPAN,
      panels: [
        panel("timeseries", []),
        panel("stat", [
          { name: "<b>", value: [130, "7"] },
          { name: "c", value: [130, "8"] },
        ]),
      ],
    });
    assert.match(html, /<div class="empty">nothing &#38; nobody<\/div>/);
    assert.match(html, /<h3>Title &#60;1&#62;<\/h3>/);
    assert.match(html, /<b>7<\/b><span>&#60;b&#62;<\/span>/);
    assert.deepEqual(plots, {});
  });
});

describe("the fixtures' clock", () => {
  it("moves what moves on a GPU at work, lets counters grow, and leaves the rest", () => {
    const at = (seconds: number) =>
      moved(
        [
          'DCGM_FI_DEV_GPU_UTIL{gpu="0"} 50',
          'DCGM_FI_DEV_PCIE_REPLAY_COUNTER{gpu="0"} 2',
          'DCGM_FI_DEV_XID_ERRORS{gpu="0"} 48',
          "# HELP x y",
        ].join("\n"),
        seconds,
      ).split("\n");
    const [utilisation, replays, xid, help] = at(100);
    assert.notEqual(utilisation, at(120)[0]);
    assert.equal(replays, 'DCGM_FI_DEV_PCIE_REPLAY_COUNTER{gpu="0"} 4');
    assert.equal(xid, 'DCGM_FI_DEV_XID_ERRORS{gpu="0"} 48');
    assert.equal(help, "# HELP x y");
    for (let seconds = 0; seconds < 400; seconds += 7) {
      const value = Number(at(seconds)[0]!.split(" ")[1]);
      assert.ok(value >= 30 && value <= 70, String(value));
    }
  });
});
