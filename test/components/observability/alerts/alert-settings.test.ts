import assert from "node:assert/strict";
import {
  ALERT_DEFAULTS,
  checkAlerts,
  resolveAlerts,
  type AlertSettings,
} from "../../../../components/observability/alerts/alert-settings";
import { Problems } from "../../../../components/internal/validation";

function refuse(settings: AlertSettings): void {
  const problems = new Problems("Monitoring", "prometheus");
  checkAlerts(settings, problems);
  problems.throwIfAny();
}

describe("settings of alerts", () => {
  it("have defaults, also for what is given as undefined", () => {
    assert.deepEqual(resolveAlerts(), ALERT_DEFAULTS);
    assert.deepEqual(resolveAlerts({ queuePercent: undefined, gpuTemperature: 80 }), {
      ...ALERT_DEFAULTS,
      gpuTemperature: 80,
    });
    assert.doesNotThrow(() => refuse({}));
    assert.doesNotThrow(() => refuse({ runbookBaseUrl: "http://wiki.example:8080/a/b" }));
  });

  const wrong: [AlertSettings, string][] = [
    [
      { runbookBaseUrl: "wiki/runbooks" },
      '`alerts.runbookBaseUrl`: "wiki/runbooks" must be an https:// or http:// URL without a slash at its end, as in "https://unpkg.com/@slipway/slipway/docs/runbooks"',
    ],
    [
      { runbookBaseUrl: "https://wiki.example/" },
      '`alerts.runbookBaseUrl`: "https://wiki.example/" must be an https:// or http:// URL without a slash at its end, as in "https://unpkg.com/@slipway/slipway/docs/runbooks"',
    ],
    [{ queuePercent: 100 }, "`alerts.queuePercent`: 100 must be more than 0 and less than 100: percent"],
    [
      { rejectedPercent: NaN },
      "`alerts.rejectedPercent`: NaN must be more than 0 and less than 100: percent",
    ],
    [{ serverPatience: 30 }, "`alerts.serverPatience`: 30 must be whole seconds >= 60"],
    [{ driftSilence: 90.5 }, "`alerts.driftSilence`: 90.5 must be whole seconds >= 60"],
    [{ gpuTemperature: 0 }, "`alerts.gpuTemperature`: 0 must be a number > 0"],
    [{ qualitySamples: 0 }, "`alerts.qualitySamples`: 0 must be a whole number >= 1"],
    [
      { certificatePageDays: 30 },
      "`alerts.certificatePageDays`: 30 must be < `certificateTicketDays` (21): the ticket comes first",
    ],
    [
      { qualityBounds: { acuracy: 0.9 } },
      "`alerts.qualityBounds.acuracy`: is no metric of quality; there are accuracy, precision, recall, f1, roc_auc, calibration_error, rmse, mae",
    ],
    [{ qualityBounds: { rmse: Infinity } }, "`alerts.qualityBounds.rmse`: Infinity must be a number"],
    [
      { queuPercent: 5 } as AlertSettings,
      `\`alerts.queuPercent\`: does not exist; there are ${Object.keys(ALERT_DEFAULTS).join(", ")}`,
    ],
  ];
  for (const [settings, message] of wrong) {
    it(`refuse ${JSON.stringify(settings)}`, () => {
      assert.throws(() => refuse(settings), { message: `Monitoring "prometheus": ${message}` });
    });
  }
});
