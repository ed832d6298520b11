import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ALERTS_PATH } from "../../../runtime/contract";
import { createLogger } from "../../../runtime/log";
import { startRetrainingTrigger } from "../../../runtime/retraining/retraining-command";
import { resolveRetrainingOptions } from "../../../runtime/retraining/retraining-options";

const TOKEN = "of-the-stage";
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;

/** A retraining trigger whose target takes every event, and what calls it as Alertmanager does. */
export interface RunningTrigger {
  readonly metricsPort: number;
  /** Says twice that a model has drifted: the second time is a duplicate. */
  alert(namespace: string, service: string): Promise<void>;
  close(): Promise<void>;
}

/** @param targetUrl answers 2xx to a POST */
export async function startTrigger(folder: string, targetUrl: string): Promise<RunningTrigger> {
  const tokenFile = join(folder, "token");
  const signingSecretFile = join(folder, "secret");
  writeFileSync(tokenFile, TOKEN);
  writeFileSync(signingSecretFile, SECRET);
  const trigger = await startRetrainingTrigger(
    resolveRetrainingOptions({
      target: "http",
      targetUrl,
      tokenFile,
      signingSecretFile,
      stateFile: join(folder, "retraining.json"),
      host: "127.0.0.1",
      httpPort: 0,
      metricsPort: 0,
      allowInsecure: true,
    }),
    createLogger("error"),
  );
  const tell = async (namespace: string, service: string) => {
    const answer = await fetch(`http://127.0.0.1:${trigger.port}${ALERTS_PATH}`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(notification(namespace, service)),
    });
    if (!answer.ok)
      throw new Error(`The retraining trigger answered ${answer.status}: ${await answer.text()}`);
  };
  return {
    metricsPort: trigger.metricsPort!,
    async alert(namespace, service) {
      await tell(namespace, service);
      await tell(namespace, service);
    },
    close: () => trigger.close(),
  };
}

/** As Alertmanager sends it. */
const notification = (namespace: string, service: string) => ({
  version: "4",
  groupKey: '{}:{alertname="SlipwayDriftDetected"}',
  truncatedAlerts: 0,
  status: "firing",
  receiver: "retraining",
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: "http://alertmanager:9093",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "SlipwayDriftDetected", namespace, service, model: "scoring", version: "1" },
      annotations: {},
      startsAt: new Date().toISOString(),
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "",
      fingerprint: "1a30ba71cca2921f",
    },
  ],
});
