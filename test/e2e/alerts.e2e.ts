import assert from "node:assert/strict";
import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { ALERT_NAMES } from "../../components/observability/alerts/rule";
import { receivedAlerts, type ReceivedAlert } from "../support/alertmanager";
import { loadedGroups } from "../support/loaded-rules";
import { readOutputs } from "../support/slipway";
import { until } from "../support/until";

const NAMESPACE = "slipway";
const SERVICE = "text";
/** What an operator is promised of an outage. */
const KNOWN_MS = 120_000;
/** Pods have to come back, and Prometheus to see them. */
const OVER_MS = 180_000;

describe("alerts on the cluster", function () {
  this.timeout(KNOWN_MS + 2 * OVER_MS + 60_000);

  // That what they ask about exists is asked under load: `dashboards.e2e.ts` and `drift.e2e.ts`.
  it("have rules that Prometheus has loaded and can evaluate", async () => {
    const { prometheus } = await readOutputs();
    const groups = await until("every rule is evaluated", KNOWN_MS, async () => {
      const loaded = await loadedGroups(prometheus);
      const rules = loaded.flatMap((group) => group.rules);
      return rules.length > 0 && rules.every(({ health }) => health !== "unknown") ? loaded : undefined;
    });
    for (const { name, rules } of groups) {
      for (const { name: rule, health, lastError } of rules)
        assert.equal(health, "ok", `${name}, ${rule}: ${lastError}`);
    }
    const names = new Set(groups.flatMap(({ rules }) => rules.map((rule) => rule.name)));
    for (const name of ALERT_NAMES) assert.ok(names.has(name), name);
    for (const service of ["text", "voice"])
      assert.ok(
        groups.some(({ name }) => name === `slipway-${service}-presence`),
        service,
      );
  });

  it("reach Alertmanager within two minutes of an outage, and end with it", async () => {
    const { alertmanager, kubeconfig } = await readOutputs();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const apps = config.makeApiClient(AppsV1Api);
    const scale = async (replicas: number) => {
      const where = { namespace: NAMESPACE, name: SERVICE };
      const body = await apps.readNamespacedDeploymentScale(where);
      await apps.replaceNamespacedDeploymentScale({ ...where, body: { ...body, spec: { replicas } } });
    };
    const page = async (): Promise<ReceivedAlert | undefined> =>
      (await receivedAlerts(alertmanager)).find(
        ({ labels }) =>
          labels.alertname === "SlipwayTargetMissing" &&
          labels.severity === "page" &&
          labels.service === SERVICE,
      );
    const noPage = async () => ((await page()) === undefined ? true : undefined);
    // Prometheus may have begun before the servers did.
    await until("there is no outage", OVER_MS, noPage);
    const began = Date.now();
    try {
      await scale(0);
      const alert = await until("Alertmanager has the page", KNOWN_MS, page);
      console.log(`      Alertmanager had the page after ${Math.round((Date.now() - began) / 1000)} s`);
      assert.equal(alert.labels.namespace, NAMESPACE);
      assert.equal(alert.status.state, "active");
      assert.equal(alert.annotations.summary, "text: none of its servers answers Prometheus");
      assert.match(alert.annotations.runbook_url!, /\/docs\/runbooks\/SlipwayTargetMissing\.md$/);
    } finally {
      await scale(2);
    }
    await until("the page ends", OVER_MS, noPage);
  });
});
