import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pino from "pino";
import { startRetrainingTrigger, type RunningTrigger } from "../../../runtime/retraining/retraining-command";
import type { RetrainingEvent } from "../../../runtime/retraining/retraining-event";
import { resolveRetrainingOptions } from "../../../runtime/retraining/retraining-options";
import { findPrograms } from "../../../toolchain/programs";
import { freePorts } from "../consumer/support/broker-process";
import { file, folder, SECRET, TargetServer } from "./support";

const PROGRAMS = ["prometheus-alertmanager", "alertmanager"];

/** As a receiver of Monitoring's has it, with intervals that a test can wait for. */
const configuration = (port: number, tokenFile: string) => `
route:
  receiver: retraining
  group_by: [namespace, service, alertname]
  group_wait: 100ms
  group_interval: 1s
  repeat_interval: 1s
receivers:
  - name: retraining
    webhook_configs:
      - url: http://127.0.0.1:${port}/v1/alerts
        send_resolved: false
        max_alerts: 1000
        http_config:
          authorization:
            type: Bearer
            credentials_file: ${tokenFile}
`;

describe("slipway retraining-trigger behind a real Alertmanager", function () {
  this.timeout(60_000);
  const dir = folder();
  let target: TargetServer;
  let running: RunningTrigger;
  let alertmanager: ChildProcess | undefined;
  let api: string;

  before(async function () {
    const program = PROGRAMS.flatMap((name) => findPrograms(name)).at(0);
    if (program === undefined) return this.skip();
    target = await TargetServer.start();
    const tokenFile = file(dir, "token", "let-me-in");
    running = await startRetrainingTrigger(
      resolveRetrainingOptions({
        target: "http",
        targetUrl: target.url,
        signingSecretFile: file(dir, "secret", SECRET),
        tokenFile,
        stateFile: join(dir, "state.json"),
        host: "127.0.0.1",
        httpPort: 0,
      }),
      pino({ level: "silent" }),
    );
    const [port] = (await freePorts(1)) as [number];
    api = `http://127.0.0.1:${port}`;
    alertmanager = spawn(program, [
      `--config.file=${file(dir, "alertmanager.yml", configuration(running.port, tokenFile))}`,
      `--storage.path=${join(dir, "data")}`,
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
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  after(async () => {
    if (alertmanager && alertmanager.exitCode === null) {
      alertmanager.kill();
      await once(alertmanager, "exit");
    }
    await running?.close();
    target?.close();
  });

  async function fire(model: string, annotations: Record<string, string> = {}): Promise<void> {
    const labels = {
      alertname: "SlipwayDriftDetected",
      namespace: "models",
      service: "text",
      model,
      version: "4",
    };
    const response = await fetch(`${api}/api/v2/alerts`, {
      method: "POST",
      body: JSON.stringify([{ labels, annotations: { summary: `${model} drifts`, ...annotations } }]),
      headers: { "content-type": "application/json" },
    });
    assert.equal(response.status, 200, await response.text());
  }

  it("passes an alert on once, though Alertmanager repeats it, and each model by itself", async () => {
    await fire("ocr", { score_psi: "0.31" });
    await target.until(1);
    await fire("tabular");
    await target.until(2);
    const events = target.calls.map(({ body }) => JSON.parse(body) as RetrainingEvent);
    assert.deepEqual(
      events.map(({ model, version, namespace, reason, summary, scores }) => [
        model,
        version,
        namespace,
        reason,
        summary,
        scores,
      ]),
      [
        ["ocr", "4", "models", "drift", "ocr drifts", { psi: 0.31 }],
        ["tabular", "4", "models", "drift", "tabular drifts", {}],
      ],
    );
    assert.match(events[0]!.fingerprint, /^[0-9a-f]{16}$/);
    // Of every notification since then the first alert is a part, and after a second both are.
    while (running.trigger.outcomes.duplicate < 3) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([target.calls.length, running.trigger.outcomes.delivered], [2, 2]);
  });
});
