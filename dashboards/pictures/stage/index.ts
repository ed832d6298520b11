import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALERT_DEFAULTS } from "../../../components/observability/alerts/alert-settings";
import { objectiveRules } from "../../../components/observability/alerts/objective-rules";
import { platformRules } from "../../../components/observability/alerts/platform-rules";
import { resolveObjectives } from "../../../components/serving/objectives";
import { startComparator } from "../../../runtime/comparator/compare-command";
import { createLogger } from "../../../runtime/log";
import { startCallers } from "./callers";
import { RETRAINING_PATH, startFixtureExporters } from "./fixtures";
import { writeModels } from "./models";
import { startPrometheus, type ScrapeTarget } from "./prometheus";
import { startTrigger } from "./retraining";
import { startServer } from "./server";

export interface StageOptions {
  /** Between two looks of Prometheus. */
  readonly scrapeSeconds: number;
  /** Of drift's windows. */
  readonly windowSeconds: number;
}

/** Real servers under load with a real Prometheus, all on loopback, and fixtures for what no machine here has. */
export interface Stage {
  readonly prometheus: string;
  /** What the dashboards' variables are to be. */
  readonly variables: Readonly<Record<string, string>>;
  /** Callers ask for something else than the models were trained on, and a new model is asked for. */
  shift(): Promise<void>;
  close(): Promise<void>;
}

const NAMESPACE = "models";
const ROLLOUT = "scoring";
const SLOTS = { blue: { specific: ["1"] }, green: { specific: ["2"] } } as const;
type Slot = keyof typeof SLOTS;
const NAMES = Object.keys(SLOTS) as Slot[];
const BYTES = 1_048_576;

/** What Kubernetes' discovery says of an exporter itself. */
const exporter = (pod: string) => ({ namespace: "gpu-operator", service: "nvidia-dcgm-exporter", pod });

/** Starts both slots of a service, callers, a comparator, exporters and Prometheus. */
export async function startStage({ scrapeSeconds, windowSeconds }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-stage-"));
  const rules = join(folder, "rules.json");
  writeFileSync(rules, JSON.stringify({ others: { absolute: 0.1 } }));
  const comparator = await startComparator(
    {
      live: "blue",
      rules,
      host: "127.0.0.1",
      httpPort: 0,
      metricsPort: 0,
      wait: 1,
      maxWaitingBytes: BYTES,
      maxBodyBytes: BYTES,
      logLevel: "error",
    },
    createLogger("error"),
  );
  const servers = await Promise.all(
    NAMES.map((slot) => {
      writeModels(join(folder, slot), windowSeconds, SLOTS[slot]);
      return startServer({
        "model-repository": join(folder, slot),
        "shadow-url": `http://127.0.0.1:${comparator.port}`,
        "shadow-slot": slot,
        "shadow-sample-percent": "100",
      });
    }),
  );
  const fixtures = await startFixtureExporters();
  const trigger = await startTrigger(folder, `http://127.0.0.1:${fixtures.port}${RETRAINING_PATH}`);
  const prometheus = await startPrometheus({
    targets: [
      ...NAMES.map((slot, i) => ownTarget(slot, servers[i]!.metricsPort)),
      ownTarget("comparator", comparator.metricsPort!),
      ownTarget("retraining", trigger.metricsPort),
      ...exporters(fixtures.port),
    ],
    rules: [
      ...platformRules(NAMESPACE, [], ALERT_DEFAULTS),
      ...objectiveRules(SCOPE, OBJECTIVES, ALERT_DEFAULTS.runbookBaseUrl),
    ],
    scrapeSeconds,
  });
  const addresses = servers.map(({ address }) => address);
  const callers = startCallers(addresses);
  return {
    prometheus: prometheus.url,
    variables: { namespace: NAMESPACE, rollout: ROLLOUT },
    async shift() {
      callers.shift();
      await trigger.alert(NAMESPACE, `${ROLLOUT}-blue`);
    },
    async close() {
      await callers.stop();
      await Promise.all([prometheus.close(), fixtures.close(), ...servers.map((server) => server.close())]);
      await Promise.all([comparator.close(), trigger.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const SCOPE = {
  namespace: NAMESPACE,
  service: ROLLOUT,
  servers: NAMES.map((slot) => `${ROLLOUT}-${slot}`),
  mayWait: true,
};
const OBJECTIVES = resolveObjectives({
  availability: { percent: 99 },
  latency: { percent: 99, seconds: 0.1 },
});

const ownTarget = (role: string, port: number): ScrapeTarget => ({
  job: `${ROLLOUT}-${role}`,
  port,
  labels: { namespace: NAMESPACE, service: `${ROLLOUT}-${role}`, pod: `${ROLLOUT}-${role}-0` },
});

/** DCGM's are scraped both ways: what they say of pods is in `exported_pod` on one node, and in `pod` on the other. */
const exporters = (port: number): ScrapeTarget[] => [
  { job: "dcgm-exporter", port, path: "/gpu-node-1", labels: exporter("dcgm-1") },
  { job: "dcgm-exporter", port, path: "/gpu-node-2", labels: exporter("dcgm-2"), honorLabels: true },
  { job: "kube-state-metrics", port, path: "/kube-state-metrics", labels: {}, honorLabels: true },
];
