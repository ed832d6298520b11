import assert from "node:assert/strict";
import { ALERT_DEFAULTS } from "../../components/observability/alerts/alert-settings";
import { OBJECTIVES_DEFAULTS } from "../../components/serving/objectives";
import { ALERT_FIELDS, readAlerts } from "../../stacks/alerts-config";
import { OBJECTIVES_FIELDS } from "../../stacks/objectives-config";
import { readServices } from "../../stacks/service-config";

const SERVICE = {
  name: "text",
  models: [{ name: "a", version: "1", source: "oci://r/a@sha256:0", sha256: "0" }],
};
const read = (objectives: unknown) => () => readServices([{ ...SERVICE, objectives }], "");

describe("configuration of objectives and alerts", () => {
  it("is read as it is written", () => {
    const objectives = {
      availability: { percent: 99.9 },
      latency: { percent: 99, seconds: 0.25 },
      windowDays: 7,
    };
    assert.deepEqual(read(objectives)(), [{ ...SERVICE, objectives }]);
    const alerts = { gpuTemperature: 85, qualityBounds: { accuracy: 0.9 } };
    assert.deepEqual(readAlerts({ ...alerts, queuePercent: null }, "alerts"), alerts);
  });

  it("documents the components' own defaults", () => {
    for (const [fields, defaults] of [
      [ALERT_FIELDS, ALERT_DEFAULTS],
      [OBJECTIVES_FIELDS, OBJECTIVES_DEFAULTS],
    ] as const) {
      for (const [field, value] of Object.entries(defaults)) {
        const shown = `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
        assert.equal((fields as Record<string, { default?: string }>)[field]?.default, shown, field);
      }
    }
  });

  const path = "slipway:services[0].objectives";
  const wrong: [string, () => unknown, string][] = [
    ["a number for objectives", read(99.9), `\`${path}\` (99.9) must be a map.`],
    [
      "a field that objectives have not",
      read({ availabilty: { percent: 99 } }),
      `\`${path}.availabilty\` does not exist; there are availability, latency, windowDays, minimumFailures.`,
    ],
    [
      "availability without a number",
      read({ availability: {} }),
      `\`${path}.availability.percent\` is missing: a number. Percent of requests, as in 99.9.`,
    ],
    [
      "latency in words",
      read({ latency: { percent: 99, seconds: "250ms" } }),
      `\`${path}.latency.seconds\` ("250ms") must be a number.`,
    ],
    [
      "a threshold in words",
      () => readAlerts({ gpuTemperature: "hot" }, "alerts"),
      '`slipway:alerts.gpuTemperature` ("hot") must be a number.',
    ],
    [
      "a bound in words",
      () => readAlerts({ qualityBounds: { accuracy: "good" } }, "alerts"),
      '`slipway:alerts.qualityBounds.accuracy` ("good") must be a number.',
    ],
    [
      "no map of alerts",
      () => readAlerts("off", "alerts"),
      `\`slipway:alerts\` ("off") must be a map with ${Object.keys(ALERT_FIELDS).join(", ")}.`,
    ],
  ];
  for (const [what, run, message] of wrong) {
    it(`refuses ${what}`, () => assert.throws(run, { name: "ConfigError", message }));
  }
});
