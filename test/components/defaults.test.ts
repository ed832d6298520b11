import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CLUSTER_DEFAULTS, SYSTEM_NODES_DEFAULTS } from "../../components/cluster/cluster-settings";
import { GPU_SUPPORT_DEFAULTS } from "../../components/cluster/gpu-support";
import { NETWORK_DEFAULTS } from "../../components/cluster/network-settings";
import { PLATFORM_DEFAULTS } from "../../components/cluster/platform-services";
import { POOL_DEFAULTS } from "../../components/cluster/pool-settings";
import { EDGE_DEFAULTS } from "../../components/edge/edge-settings";
import { IMAGE_DEFAULTS } from "../../components/image/image-settings";
import { MODEL_DEFAULTS } from "../../components/model/model-settings";
import { OCI_DEFAULTS } from "../../components/model/oci-repository";
import { PVC_DEFAULTS } from "../../components/model/pvc-repository";
import { S3_DEFAULTS } from "../../components/model/s3-repository";
import { STACK_DEFAULTS } from "../../components/stack-settings";
import { ALERTING_DEFAULTS } from "../../components/observability/alertmanager-settings";
import { ACCESS_DEFAULTS } from "../../components/observability/monitoring-access-settings";
import { GPU_EXPORTER_DEFAULTS } from "../../components/observability/gpu-exporter";
import { EXISTING_DEFAULTS, MONITORING_DEFAULTS } from "../../components/observability/monitoring-settings";
import { RETRAINING_DEFAULTS } from "../../components/observability/retraining-trigger-settings";
import { ALERT_DEFAULTS } from "../../components/observability/alerts/alert-settings";
import { OBJECTIVES_DEFAULTS } from "../../components/serving/objectives";
import { PAYLOAD_LOG_DEFAULTS } from "../../components/serving/payload-log-settings";
import { QUEUE_WORKER_DEFAULTS } from "../../components/serving/queue-worker-settings";
import { TELEMETRY_DEFAULTS } from "../../components/observability/telemetry-settings";
import { TRACING_DEFAULTS } from "../../components/traffic/gateway-tracing";
import { SCALING_DEFAULTS } from "../../components/serving/scaling-settings";
import { SERVERLESS_DEFAULTS } from "../../components/serving/serverless-settings";
import { SERVICE_DEFAULTS } from "../../components/serving/service-settings";
import { AUTH_DEFAULTS } from "../../components/traffic/auth-settings";
import { CERT_MANAGER_DEFAULTS } from "../../components/traffic/certificate-settings";
import { CORS_DEFAULTS } from "../../components/traffic/cors-settings";
import { GATEWAY_DEFAULTS } from "../../components/traffic/gateway-settings";
import { LOAD_BALANCER_DEFAULTS } from "../../components/traffic/load-balancer-settings";
import { ROLLOUT_DEFAULTS } from "../../components/traffic/rollout-settings";
import { ROUTE_DEFAULTS } from "../../components/traffic/service-route";

const DOCUMENTED: [string, object][] = [
  ["cluster/network-settings.ts", NETWORK_DEFAULTS],
  ["cluster/cluster-settings.ts", { ...CLUSTER_DEFAULTS, ...SYSTEM_NODES_DEFAULTS }],
  ["cluster/pool-settings.ts", POOL_DEFAULTS],
  ["cluster/platform-services.ts", PLATFORM_DEFAULTS],
  ["cluster/gpu-support.ts", GPU_SUPPORT_DEFAULTS],
  ["edge/edge-settings.ts", EDGE_DEFAULTS],
  ["image/image-settings.ts", IMAGE_DEFAULTS],
  ["model/model-settings.ts", MODEL_DEFAULTS],
  ["model/oci-repository.ts", OCI_DEFAULTS],
  ["model/s3-repository.ts", S3_DEFAULTS],
  ["model/pvc-repository.ts", PVC_DEFAULTS],
  ["serving/service-settings.ts", SERVICE_DEFAULTS],
  ["serving/scaling-settings.ts", SCALING_DEFAULTS],
  ["serving/queue-worker-settings.ts", QUEUE_WORKER_DEFAULTS],
  ["serving/serverless-settings.ts", SERVERLESS_DEFAULTS],
  ["traffic/auth-settings.ts", AUTH_DEFAULTS],
  ["traffic/certificate-settings.ts", CERT_MANAGER_DEFAULTS],
  ["traffic/cors-settings.ts", CORS_DEFAULTS],
  ["traffic/gateway-settings.ts", GATEWAY_DEFAULTS],
  ["traffic/load-balancer-settings.ts", LOAD_BALANCER_DEFAULTS],
  ["traffic/service-route.ts", ROUTE_DEFAULTS],
  ["traffic/rollout-settings.ts", ROLLOUT_DEFAULTS],
  ["observability/alerts/alert-settings.ts", ALERT_DEFAULTS],
  ["serving/objectives.ts", OBJECTIVES_DEFAULTS],
  ["observability/monitoring-settings.ts", { ...EXISTING_DEFAULTS, ...MONITORING_DEFAULTS }],
  ["observability/gpu-exporter.ts", GPU_EXPORTER_DEFAULTS],
  ["observability/monitoring-access-settings.ts", ACCESS_DEFAULTS],
  ["observability/monitoring-remote-write.ts", {}],
  ["observability/alertmanager-settings.ts", ALERTING_DEFAULTS],
  ["observability/telemetry-settings.ts", TELEMETRY_DEFAULTS],
  ["traffic/gateway-tracing.ts", TRACING_DEFAULTS],
  ["observability/retraining-trigger-settings.ts", RETRAINING_DEFAULTS],
  ["serving/payload-log-settings.ts", PAYLOAD_LOG_DEFAULTS],
  ["stack-settings.ts", STACK_DEFAULTS],
];

/** Field → text of its `@default`, as the source has it. */
function documentedDefaults(file: string): Map<string, string> {
  const source = readFileSync(join(__dirname, "../../components", file), "utf8");
  const fields = source.matchAll(/@default (.+)\n(?:\s+\*[^/].*\n)*\s+\*\/\s+readonly (\w+)\?:/g);
  return new Map([...fields].map((match) => [match[2]!, match[1]!]));
}

describe("documented defaults", () => {
  for (const [file, defaults] of DOCUMENTED) {
    it(`of ${file} are those that apply`, () => {
      const documented = documentedDefaults(file);
      for (const [field, value] of Object.entries(defaults)) {
        // YAML, because it reads what TypeScript calls a literal.
        assert.deepEqual(parse(documented.get(field) ?? ""), value, field);
      }
    });

    it(`of ${file} are there for every optional field`, () => {
      const source = readFileSync(join(__dirname, "../../components", file), "utf8");
      const optional = [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map((match) => match[1]!);
      const documented = documentedDefaults(file);
      for (const field of optional) assert.ok(documented.has(field), field);
    });
  }
});
