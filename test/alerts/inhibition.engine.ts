import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { alertmanagerConfigSpec } from "../../components/internal/alertmanager";
import type { AlertingRule, RuleGroup } from "../../components/observability/alerts/rule";
import { resolveAlerting } from "../../components/observability/alertmanager-checks";
import { findPrograms } from "../../toolchain/programs";
import { freePorts } from "../runtime/consumer/support/broker-process";
import { receivedAlerts } from "../support/alertmanager";
import { presence } from "./support/rules";

const PROGRAMS = ["prometheus-alertmanager", "alertmanager"];

interface Matcher {
  readonly name: string;
  readonly matchType: string;
  readonly value: string;
}

/** The rules as the operator writes them into Alertmanager's own file. */
function configuration(): string {
  const settings = resolveAlerting("prometheus", {
    receivers: { oncall: { pagerDuty: { routingKey: "key" } } },
  });
  const { inhibitRules } = alertmanagerConfigSpec(settings, "receivers");
  const written = (matchers: readonly Matcher[]) =>
    matchers.map(({ name, matchType, value }) => `${name}${matchType}${JSON.stringify(value)}`);
  return stringify({
    route: { receiver: "nobody", group_wait: "100ms" },
    receivers: [{ name: "nobody" }],
    inhibit_rules: inhibitRules.map(({ sourceMatch, targetMatch, equal }) => ({
      source_matchers: written(sourceMatch),
      target_matchers: written(targetMatch),
      equal,
    })),
  });
}

/** Labels of the page of a service that nobody answers for, as its rules give them. */
function pageOf(groups: readonly RuleGroup[]): Record<string, string> {
  const page = groups
    .flatMap(({ rules }) => rules)
    .find((rule): rule is AlertingRule => "alert" in rule && rule.alert === "SlipwayTargetMissing")!;
  return { alertname: page.alert, ...page.labels };
}

const ticket = (namespace: string, service: string, rollout?: string): Record<string, string> => ({
  alertname: "SlipwayQueueSaturated",
  severity: "ticket",
  namespace,
  service,
  ...(rollout === undefined ? {} : { rollout }),
});

describe("a real Alertmanager", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "slipway-alertmanager-"));
  let alertmanager: ChildProcess | undefined;
  let api: string;

  before(async function () {
    const program = PROGRAMS.flatMap((name) => findPrograms(name)).at(0);
    if (program === undefined) return this.skip();
    const [port] = (await freePorts(1)) as [number];
    api = `http://127.0.0.1:${port}`;
    const file = join(folder, "alertmanager.yml");
    writeFileSync(file, configuration());
    alertmanager = spawn(program, [
      `--config.file=${file}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ]);
    let said = "";
    alertmanager.stderr!.on("data", (piece) => (said += piece));
    const isReady = () =>
      fetch(`${api}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) {
      assert.equal(alertmanager.exitCode, null, said);
      await sleep(50);
    }
  });

  after(async () => {
    if (alertmanager && alertmanager.exitCode === null) {
      alertmanager.kill();
      await once(alertmanager, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  it("holds back the tickets of a service, and of a rollout's slots, while there is a page about it", async () => {
    const alerts: [labels: Record<string, string>, state: string][] = [
      [pageOf(presence({ service: "text", servers: ["text"] })), "active"],
      [ticket("models", "text"), "suppressed"],
      [pageOf(presence({ service: "voice", servers: ["voice-blue", "voice-green"] })), "active"],
      [ticket("models", "voice", "voice"), "suppressed"],
      [ticket("models", "voice-blue", "voice"), "suppressed"],
      [ticket("models", "voice-green", "voice"), "suppressed"],
      [ticket("models", "other-blue", "other"), "active"],
      [ticket("models", "other"), "active"],
      [ticket("elsewhere", "voice-blue", "voice"), "active"],
      [{ alertname: "SlipwayGpuErrors", severity: "ticket", gpu: "0" }, "active"],
    ];
    const response = await fetch(`${api}/api/v2/alerts`, {
      method: "POST",
      body: JSON.stringify(alerts.map(([labels]) => ({ labels }))),
      headers: { "content-type": "application/json" },
    });
    assert.equal(response.status, 200, await response.text());
    const key = (labels: object) => JSON.stringify(Object.entries(labels).sort());
    const found = async () => {
      const received = await receivedAlerts(api);
      const states = new Map(received.map(({ labels, status }) => [key(labels), status.state]));
      return alerts.map(([labels]) => [labels, states.get(key(labels))]);
    };
    // A ticket may be looked at before the page that came with it is known.
    for (let tries = 0; tries < 100 && !isDeepStrictEqual(await found(), alerts); tries++) await sleep(50);
    assert.deepEqual(await found(), alerts);
  });
});
