import * as fc from "fast-check";
import type { QueueWorkerArgs, QueueWorkerSettings } from "../../../components";
import { MODELS } from "../serving/support/service";
import { arbitraryService } from "../serving/support/arbitrary-service";
import { CERTIFICATE } from "../support/callers";
import { hostName, label, maybe } from "./arbitrary-auth";

const port = fc.integer({ min: 1, max: 65_535 });
const brokers = fc.array(
  fc.tuple(hostName, port).map(([host, number]) => `${host}:${number}`),
  { minLength: 1, maxLength: 4 },
);

const credentials = fc.oneof(
  hostName.map((secretName) => ({ secretName })),
  fc.record({ username: fc.string({ minLength: 1 }), password: fc.string({ minLength: 1 }) }),
);

/** Names that both brokers take; of the longest, what is added to them must still fit. */
const names = fc
  .oneof(fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/), fc.constant("q".repeat(200)))
  .map((name) => ({ requests: name, results: `${name}.out` }));

const trust = fc.record({ ca: fc.constant(CERTIFICATE), certificateSecret: hostName }, { requiredKeys: [] });

const kafka = fc.oneof(
  fc
    .tuple(credentials, fc.constantFrom("plain" as const, "scram-sha-256" as const, "scram-sha-512" as const))
    .map(([who, mechanism]) => ({ credentials: who, mechanism })),
  fc.record({ certificateSecret: hostName }),
  fc.constant({ plaintext: true }),
);

const queue: fc.Arbitrary<QueueWorkerArgs["queue"]> = fc.oneof(
  fc
    .tuple(brokers, names, kafka, trust, maybe(fc.stringMatching(/^[\x21-\x7e]{1,30}$/)))
    .map(([servers, topics, who, more, group]) => ({
      kind: "kafka" as const,
      brokers: servers,
      ...topics,
      ...("plaintext" in who ? {} : more),
      ...who,
      group,
    })),
  fc
    .tuple(brokers, names, credentials, trust, fc.stringMatching(/^[a-z0-9/%_-]{1,20}$/))
    .map(([servers, queues, who, more, virtualHost]) => ({
      kind: "rabbitmq" as const,
      brokers: servers,
      ...queues,
      ...more,
      credentials: who,
      virtualHost,
    })),
);

const cidr = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.integer({ min: 0, max: 255 }))
  .map(([a, b]) => `${a}.${b}.0.0/16`);

/** Where the brokers are. */
const place: fc.Arbitrary<Pick<QueueWorkerSettings, "brokerPods" | "brokerCidrs">> = fc.oneof(
  fc.record({ brokerCidrs: fc.array(cidr, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    brokerPods: fc.array(
      label(20).map((app) => ({ namespace: "queues", podLabels: { app } })),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

const scale = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map(([replicas, more]) => ({ replicas, maxReplicas: Math.max(1, replicas + more) }));

const counts = fc.record(
  {
    lagPerReplica: fc.constantFrom(1, 50, 1_000_000_000),
    activationLag: fc.constantFrom(0, 7, 1_000_000_000),
    cooldown: fc.constantFrom(0, 86_400),
    scaleDownDelay: fc.constantFrom(0, 3600),
    maxInFlight: fc.constantFrom(1, 10_000),
    maxAttempts: fc.constantFrom(1, 1000),
    drainTimeout: fc.constantFrom(1, 55, 86_400),
    defaultModel: fc.constantFrom(...MODELS.map(({ name }) => name)),
  },
  { requiredKeys: [] },
);

export type WorkerSettings = QueueWorkerSettings & Pick<QueueWorkerArgs, "queue">;

/** Settings of a queue worker that nothing is wrong with. */
export const arbitraryWorker: fc.Arbitrary<WorkerSettings> = fc
  .tuple(arbitraryService, queue, place, scale, counts)
  .map(([pods, given, brokersAt, number, rest]) => {
    const { replicas: _r, maxReplicas: _m, scaling: _s, drainDelay: _d, drainTimeout: _t, ...own } = pods;
    return { ...own, ...brokersAt, ...number, ...rest, queue: given };
  });
