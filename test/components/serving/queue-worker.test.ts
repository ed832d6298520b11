import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  ModelRepository,
  QueueWorker,
  type QueueWorkerArgs,
} from "../../../components";
import { CONSUMER_OPTIONS } from "../../../runtime/consumer/consumer-options";
import { variableOf } from "../../../runtime/option-table";
import { declare, type Declaration } from "../support/declared";
import { IMAGE, model } from "../support/examples";
import { noteTimeouts } from "../support/timeouts";

const MODELS = [model("a", "1")];
const KAFKA: QueueWorkerArgs["queue"] = {
  kind: "kafka",
  brokers: ["kafka-0.example.com:9093", "kafka-1.example.com:9093"],
  requests: "pages",
  results: "texts",
  credentials: { secretName: "pages-kafka" },
};
const RABBIT: QueueWorkerArgs["queue"] = {
  kind: "rabbitmq",
  brokers: ["rabbit.queues.svc:5671"],
  virtualHost: "pages/eu",
  requests: "pages",
  results: "texts",
  credentials: { username: "worker", password: pulumi.secret("s3cret") },
  ca: "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n",
};

function worker(
  change: Partial<QueueWorkerArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): () => QueueWorker {
  return () =>
    new QueueWorker(
      "pages",
      {
        namespace: "ns",
        image: IMAGE,
        repository: new ModelRepository("models", { models: MODELS }),
        authority: new CertificateAuthority("authority"),
        models: MODELS,
        queue: KAFKA,
        brokerCidrs: ["10.20.0.0/16"],
        ...change,
      },
      opts,
    );
}

/** Two GPUs, each on a node of its own. */
const POOL = {
  resourceName: "nvidia.com/gpu",
  unitsPerNode: 1,
  unitsPerPod: 1,
  maxUnits: 2,
  nodeSelector: {},
  tolerations: [],
};

const pod = (declared: Declaration) => declared.object("Deployment", "pages").spec.template.spec;
const options = (declared: Declaration) =>
  declared.kind("ConfigMap").find(({ name }) => name === "pages-options")!.inputs.data;

describe("QueueWorker", () => {
  it("runs the same server as consumer of the queue, with variables that it knows", async () => {
    const declared = await declare(worker());
    assert.deepEqual(pod(declared).containers[0].args, ["consume"]);
    assert.equal(declared.object("Deployment", "pages").spec.replicas, 1);
    const known = new Set(Object.keys(CONSUMER_OPTIONS).map(variableOf));
    const own = Object.fromEntries(Object.entries(options(declared)).filter(([name]) => known.has(name)));
    assert.deepEqual(own, {
      SLIPWAY_BROKER: "kafka",
      SLIPWAY_BROKER_ADDRESSES: "kafka-0.example.com:9093,kafka-1.example.com:9093",
      SLIPWAY_REQUESTS: "pages",
      SLIPWAY_RESULTS: "texts",
      SLIPWAY_DEAD_LETTERS: "pages-dead-letters",
      SLIPWAY_CONSUMER_GROUP: "pages",
      SLIPWAY_DEFAULT_MODEL: "a",
      SLIPWAY_MAX_IN_FLIGHT: "16",
      SLIPWAY_MAX_ATTEMPTS: "8",
      SLIPWAY_BROKER_TLS: "true",
      SLIPWAY_BROKER_AUTH: "scram-sha-512",
      SLIPWAY_BROKER_USERNAME_FILE: "/etc/slipway/broker/username",
      SLIPWAY_BROKER_PASSWORD_FILE: "/etc/slipway/broker/password",
    });
  });

  it("mounts credentials, authority and certificate as files, and keeps them out of the options", async () => {
    const declared = await declare(worker({ queue: { ...RABBIT, certificateSecret: "worker-tls" } }));
    const { volumes, containers } = pod(declared);
    assert.deepEqual(volumes.find(({ name }: { name: string }) => name === "broker").projected, {
      defaultMode: 0o440,
      sources: [
        {
          secret: {
            name: "pages-broker",
            items: [
              { key: "username", path: "username" },
              { key: "password", path: "password" },
            ],
          },
        },
        { configMap: { name: "pages-broker", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          secret: {
            name: "worker-tls",
            items: [
              { key: "tls.crt", path: "tls.crt" },
              { key: "tls.key", path: "tls.key" },
            ],
          },
        },
      ],
    });
    const mount = containers[0].volumeMounts.find(({ name }: { name: string }) => name === "broker");
    assert.deepEqual(mount, { name: "broker", mountPath: "/etc/slipway/broker", readOnly: true });
    assert.equal(options(declared).SLIPWAY_VIRTUAL_HOST, "pages/eu");
    assert.equal(options(declared).SLIPWAY_BROKER_AUTH, "plain");
    assert.ok(!JSON.stringify(options(declared)).includes("s3cret"));
    assert.deepEqual(declared.object("Secret", "pages-broker").stringData.value, {
      username: "worker",
      password: "s3cret",
    });
  });

  it("lets nobody in but who reads metrics, and out to the brokers alone", async () => {
    const declared = await declare(
      worker({
        brokerPods: [{ namespace: "queues", podLabels: { app: "kafka" } }],
        scrapers: [{ namespace: "monitoring", podLabels: { app: "prometheus" } }],
      }),
    );
    const { ingress, egress } = declared.object("NetworkPolicy", "pages").spec;
    assert.equal(ingress.length, 1);
    assert.deepEqual(ingress[0].ports, [{ protocol: "TCP", port: 8002 }]);
    assert.deepEqual(egress.at(-1), {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "queues" } },
          podSelector: { matchLabels: { app: "kafka" } },
        },
        { ipBlock: { cidr: "10.20.0.0/16" } },
      ],
      ports: [{ protocol: "TCP", port: 9093 }],
    });
    assert.equal(declared.object("Service", "pages").spec.clusterIP, "None");
    assert.equal(declared.kind("ServiceMonitor").length, 1);
  });

  it("has no Service and no autoscaler where nobody asks for them", async () => {
    const declared = await declare(worker());
    for (const kind of ["Service", "ServiceMonitor", "ScaledObject", "TriggerAuthentication"])
      assert.equal(declared.kind(kind).length, 0, kind);
  });

  it("follows Kafka's lag, down to no pod", async () => {
    const declared = await declare(worker({ replicas: 0, maxReplicas: 6, lagPerReplica: 50, cooldown: 60 }));
    const { spec } = declared.object("ScaledObject", "pages");
    assert.equal(declared.object("Deployment", "pages").spec.replicas, 1);
    assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount, spec.cooldownPeriod], [0, 6, 60]);
    assert.deepEqual(spec.triggers, [
      {
        type: "kafka",
        name: "lag",
        metricType: "AverageValue",
        metadata: {
          bootstrapServers: "kafka-0.example.com:9093,kafka-1.example.com:9093",
          consumerGroup: "pages",
          topic: "pages",
          lagThreshold: "50",
          activationLagThreshold: "0",
          offsetResetPolicy: "earliest",
          allowIdleConsumers: "false",
          tls: "enable",
          sasl: "scram_sha512",
        },
        authenticationRef: { name: "pages" },
      },
    ]);
    assert.deepEqual(declared.object("TriggerAuthentication", "pages").spec, {
      secretTargetRef: [
        { parameter: "username", name: "pages-kafka", key: "username" },
        { parameter: "password", name: "pages-kafka", key: "password" },
      ],
      configMapTargetRef: [{ parameter: "tls", name: "pages-broker", key: "tls" }],
    });
  });

  it("follows the length of RabbitMQ's queue, without credentials in its address", async () => {
    const declared = await declare(worker({ queue: RABBIT, maxReplicas: 3 }));
    const { spec } = declared.object("ScaledObject", "pages");
    assert.equal(spec.cooldownPeriod, undefined);
    assert.deepEqual(spec.triggers[0].metadata, {
      protocol: "amqp",
      host: "amqps://rabbit.queues.svc:5671/pages%2Feu",
      queueName: "pages",
      mode: "QueueLength",
      value: "100",
      activationValue: "0",
    });
    assert.deepEqual(declared.object("TriggerAuthentication", "pages").spec.configMapTargetRef, [
      { parameter: "tls", name: "pages-broker", key: "tls" },
      { parameter: "ca", name: "pages-broker", key: "ca.crt" },
    ]);
    assert.equal(declared.object("ConfigMap", "pages-broker").data.tls, "enable");
  });

  it("ends a pod before it starts the next where their GPUs leave no room for one more", async () => {
    const strategy = async (change: Partial<QueueWorkerArgs>) =>
      (await declare(worker({ gpuPool: POOL, ...change }))).object("Deployment", "pages").spec.strategy;
    assert.deepEqual((await strategy({ replicas: 2 })).rollingUpdate, { maxUnavailable: 1, maxSurge: 0 });
    assert.deepEqual((await strategy({ replicas: 1 })).rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
  });

  it("waits for its pods as long as Kubernetes does, whatever their models and nodes take", async () => {
    const { timeouts, transformations } = noteTimeouts();
    const gpuPool = { ...POOL, startsNodes: true };
    const change = { modelSize: "20Gi", gpuPool, replicas: 1, maxReplicas: 2 };
    const declared = await declare(worker(change, { transformations }));
    const { progressDeadlineSeconds } = declared.object("Deployment", "pages").spec;
    assert.equal(progressDeadlineSeconds, 120 + 320 + 180 + 1280 + 900);
    assert.deepEqual(timeouts["pages-deployment"], { create: "2860s", update: `${2 * 2800 + 60}s` });
  });

  it("gives what is in flight more time to end than a request has", async () => {
    const declared = await declare(worker());
    assert.equal(pod(declared).terminationGracePeriodSeconds, 60);
    assert.equal(options(declared).SLIPWAY_DRAIN_DELAY, "0");
    assert.equal(options(declared).SLIPWAY_DRAIN_TIMEOUT, "55");
  });

  describe("with mistakes", () => {
    const refused: [string, Partial<QueueWorkerArgs>, string][] = [
      [
        "a broker without a port",
        { queue: { ...KAFKA, brokers: ["kafka"] } },
        '`queue.brokers[0]`: "kafka" must be of the form host:port',
      ],
      ["no broker", { queue: { ...KAFKA, brokers: [] } }, "`queue.brokers`: must name at least one broker"],
      [
        "a kind that there is not",
        { queue: { ...KAFKA, kind: "sqs" } as never },
        '`queue.kind`: "sqs" must be one of kafka, rabbitmq',
      ],
      [
        "a topic that Kafka would not take",
        { queue: { ...KAFKA, results: "a/b" } },
        '`queue.results`: "a/b" must have 1 to 249 letters, digits, ".", "_" and "-"',
      ],
      [
        "a topic that would feed itself",
        { queue: { ...KAFKA, results: "pages" } },
        '`queue.results`: "pages" must differ from `requests`: the worker would read what it writes',
      ],
      [
        "a mechanism that there is not",
        { queue: { ...KAFKA, mechanism: "gssapi" } as never },
        '`queue.mechanism`: "gssapi" must be one of plain, scram-sha-256, scram-sha-512',
      ],
      [
        "credentials in the clear",
        { queue: { ...KAFKA, plaintext: true } },
        "`queue.credentials`: must not be given with `plaintext`: they could be read on their way",
      ],
      [
        "nobody for RabbitMQ",
        { queue: { ...RABBIT, credentials: undefined, ca: undefined } },
        "`queue.credentials`: must be given, or a `certificateSecret`: RabbitMQ lets nobody in whom it does not know",
      ],
      [
        "an empty password",
        { queue: { ...RABBIT, credentials: { username: "u", password: "" } } },
        "`queue.credentials.password`: must be given and not be empty",
      ],
      [
        "an authority that is none",
        { queue: { ...KAFKA, ca: "/etc/ca.crt" } },
        "`queue.ca`: must be a certificate in PEM form",
      ],
      ["too few pods", { replicas: -1 }, "`replicas`: -1 must be a whole number from 0 to 10000"],
      [
        "more pods at least than at most",
        { replicas: 3, maxReplicas: 2 },
        "`maxReplicas`: 2 must be >= `replicas` (3)",
      ],
      [
        "more pods than there are GPUs",
        { gpuPool: POOL, maxReplicas: 3 },
        "`maxReplicas`: 3 nvidia.com/gpu asked (3 pods of 1), the pool allows 2",
      ],
      ["no lag", { lagPerReplica: 0 }, "`lagPerReplica`: 0 must be a whole number from 1 to 1000000000"],
      [
        "a default model that is not served",
        { defaultModel: "z" },
        '`defaultModel`: "z" must be one of the worker\'s models: a',
      ],
      [
        "no way to the brokers",
        { brokerCidrs: [] },
        "`brokerPods`: must be given, or `brokerCidrs`: the worker may connect to nothing else",
      ],
      [
        "a way to everywhere",
        { brokerCidrs: ["0.0.0.0/0"] },
        '`brokerCidrs[0]`: "0.0.0.0/0" must be an IPv4 range as in "10.1.0.0/16", and not all of them',
      ],
      [
        "CPU that is none",
        { cpuLimit: "much" },
        '`cpuLimit`: "much" must be a CPU quantity, as in "250m" or "1.5"',
      ],
      [
        "an option of the consumer among the server's",
        { options: { maxInFlight: 3 } },
        "`options.maxInFlight`",
      ],
    ];
    for (const [what, change, sentence] of refused) {
      it(`refuses ${what}`, async () => {
        await declare(() =>
          assert.throws(worker(change), ({ message }: Error) => {
            assert.ok(message.startsWith('QueueWorker "pages": '), message);
            assert.ok(message.includes(sentence), message);
            return true;
          }),
        );
      });
    }

    it("says all of them at once, before anything is declared", async () => {
      const declared = await declare(() =>
        assert.throws(
          worker({ replicas: -1, cooldown: 0.5, image: "latest", queue: { ...KAFKA, brokers: [] } }),
          /`image`: .*`queue\.brokers`: .*`replicas`: .*`cooldown`: /s,
        ),
      );
      assert.deepEqual(declared.kind("Deployment"), []);
    });
  });
});
