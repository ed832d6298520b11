import type * as pulumi from "@pulumi/pulumi";
import { BROKER_FILES, type WorkerQueues } from "./queue-environment";
import type { BrokerAccess } from "./queue-volume";

/** Seconds between two looks at what waits. */
const POLLING_INTERVAL = 15;

/** What a worker's ScaledObject needs, resolved. Times in seconds. */
export interface WorkerScale {
  readonly deployment: pulumi.Input<string>;
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly lagPerReplica: number;
  readonly activationLag: number;
  readonly cooldown: number;
  readonly scaleDownDelay: number;
}

/** ScaledObject (keda.sh/v1alpha1) that follows what waits in the queue, as KEDA 2.20 has it. */
export function workerScaledObject(
  scale: WorkerScale,
  queues: WorkerQueues,
  authentication: string | undefined,
) {
  const { replicas, maxReplicas } = scale;
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: scale.deployment },
    pollingInterval: POLLING_INTERVAL,
    ...(replicas === 0 ? { cooldownPeriod: scale.cooldown } : {}),
    minReplicaCount: replicas,
    maxReplicaCount: maxReplicas,
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 0 },
          scaleDown: { stabilizationWindowSeconds: scale.scaleDownDelay },
        },
      },
    },
    triggers: [
      {
        type: queues.kind,
        name: "lag",
        metricType: "AverageValue",
        metadata: queues.kind === "kafka" ? kafkaMetadata(scale, queues) : rabbitMetadata(scale, queues),
        ...(authentication === undefined ? {} : { authenticationRef: { name: authentication } }),
      },
    ],
  };
}

const SASL = {
  plain: "plaintext",
  "scram-sha-256": "scram_sha256",
  "scram-sha-512": "scram_sha512",
} as const;

function kafkaMetadata(scale: WorkerScale, queues: WorkerQueues): Record<string, string> {
  return {
    bootstrapServers: queues.brokers.join(","),
    consumerGroup: queues.group,
    topic: queues.requests,
    lagThreshold: String(scale.lagPerReplica),
    activationLagThreshold: String(scale.activationLag),
    // As the worker reads it: of a group without commits every message waits.
    offsetResetPolicy: "earliest",
    allowIdleConsumers: "false",
    tls: queues.tls ? "enable" : "disable",
    sasl: queues.mechanism ? SASL[queues.mechanism] : "none",
  };
}

/** TLS is told by the TriggerAuthentication: this scaler reads it nowhere else. */
function rabbitMetadata(scale: WorkerScale, queues: WorkerQueues): Record<string, string> {
  const scheme = queues.tls ? "amqps" : "amqp";
  return {
    protocol: "amqp",
    host: `${scheme}://${queues.brokers[0]}/${encodeURIComponent(queues.virtualHost)}`,
    queueName: queues.requests,
    mode: "QueueLength",
    value: String(scale.lagPerReplica),
    activationValue: String(scale.activationLag),
  };
}

/** Keys of the worker's ConfigMap for the broker. */
export const BROKER_SETTINGS = { tls: "tls" } as const;

/** TriggerAuthentication (keda.sh/v1alpha1): KEDA shows what the worker itself shows. */
export function workerTriggerAuthentication(access: BrokerAccess, settings: pulumi.Input<string>) {
  const { credentialsSecret, caConfigMap, certificateSecret } = access;
  const from = (name: pulumi.Input<string>, entries: Record<string, string>) =>
    Object.entries(entries).map(([parameter, key]) => ({ parameter, name, key }));
  const secrets = [
    ...(credentialsSecret === undefined
      ? []
      : from(credentialsSecret, { username: BROKER_FILES.username, password: BROKER_FILES.password })),
    ...(certificateSecret === undefined
      ? []
      : from(certificateSecret, { cert: BROKER_FILES.certificate, key: BROKER_FILES.key })),
  ];
  return {
    ...(secrets.length === 0 ? {} : { secretTargetRef: secrets }),
    configMapTargetRef: [
      ...from(settings, { tls: BROKER_SETTINGS.tls }),
      ...(caConfigMap === undefined ? [] : from(caConfigMap, { ca: BROKER_FILES.ca })),
    ],
  };
}
