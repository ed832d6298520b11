import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { dashboards } from "../../dashboards";
import { findPromtool } from "../support/promtool";
import { expressionsOf, filledIn } from "./support/expressions";

const PAGE = 'alertname="SlipwayTargetMissing",severity="page"';
const TICKET = 'alertname="SlipwayQueueSaturated",severity="ticket"';
const alert = (labels: string, state = "firing") => `ALERTS{alertstate="${state}",${labels}}`;
const minimum = (labels: string) => `service:slipway_servers:minimum{namespace="models",${labels}}`;

/** A rollout `voice`, of which only blue gets requests, a service `text`, and what is about neither. */
const SERIES = [
  minimum('service="voice-blue",rollout="voice"'),
  minimum('service="text"'),
  alert(`${PAGE},namespace="models",service="voice",rollout="voice"`),
  alert(`${TICKET},namespace="models",service="voice-blue",rollout="voice"`),
  alert(`${TICKET},namespace="models",service="voice-green",rollout="voice"`, "pending"),
  alert(`${PAGE},namespace="models",service="text"`),
  alert(`${PAGE},namespace="elsewhere",service="voice",rollout="voice"`),
  alert(`${PAGE},namespace="gateways",service="gateway"`),
  alert('alertname="SlipwayGpuErrors",severity="ticket",gpu="0"'),
  alert('alertname="SomebodysOwn",severity="page",namespace="models",service="text"'),
];

const GATEWAY = ["page of gateway", 2] as const;
const CLUSTER = ["ticket of nothing", 2] as const;

const cases: [chosen: string | undefined, shown: (readonly [string, number])[]][] = [
  [
    undefined,
    [
      GATEWAY,
      ["page of text", 2],
      ["page of voice", 2],
      CLUSTER,
      ["ticket of voice-blue", 2],
      ["ticket of voice-green", 1],
    ],
  ],
  ["text", [GATEWAY, ["page of text", 2], CLUSTER]],
  ["voice-blue", [GATEWAY, ["page of voice", 2], CLUSTER, ["ticket of voice-blue", 2]]],
  ["text|voice-green", [GATEWAY, ["page of text", 2], CLUSTER, ["ticket of voice-green", 1]]],
];

describe("the fleet's alerts", () => {
  for (const [chosen, shown] of cases) {
    it(`are those of ${chosen ?? "every service"}, of its rollout, of the gateway and of the cluster`, async () => {
      const { expr } = expressionsOf(dashboards.fleet!()).find(({ panel }) => panel === "Alerts now")!;
      const folder = mkdtempSync(join(tmpdir(), "slipway-promtool-"));
      const file = join(folder, "tests.yaml");
      const test = {
        interval: "1m",
        input_series: SERIES.map((series) => ({ series, values: "1x10" })),
        promql_expr_test: [
          {
            expr: filledIn(expr, {
              namespace: "models",
              ...(chosen === undefined ? {} : { service: chosen }),
            }),
            eval_time: "5m",
            exp_samples: shown.map(([what, value]) => ({ labels: labelsOf(what), value })),
          },
        ],
      };
      try {
        writeFileSync(file, stringify({ tests: [test] }));
        const said = execFileSync(await findPromtool(), ["test", "rules", file], { encoding: "utf8" });
        assert.match(said, /SUCCESS/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

function labelsOf(what: string): string {
  const [, severity, service] = /^(\w+) of (.+)$/.exec(what)!;
  if (service === "nothing") return '{alertname="SlipwayGpuErrors",severity="ticket"}';
  const name = severity === "page" ? "SlipwayTargetMissing" : "SlipwayQueueSaturated";
  return `{alertname="${name}",severity="${severity}",service="${service}"}`;
}
