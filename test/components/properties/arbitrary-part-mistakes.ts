import * as fc from "fast-check";
import type { Mistake } from "./arbitrary-mistakes";

const notWhole = fc.constantFrom(0.5, 1.5, 99.25);

/** A number that is no whole number from `least` to `most`. */
const beyond = (least: number, most: number) =>
  fc.oneof(
    fc.integer({ max: least - 1 }),
    fc.constantFrom(most + 1, 2 * most, 1e21, NaN, Infinity, -Infinity),
    notWhole.map((fraction) => least + fraction),
  );

const at = (path: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Mistake> =>
  values.map((value) => [path, { [path]: value }]);

const KAFKA = { kind: "kafka", brokers: ["a:1"], requests: "in", results: "out", plaintext: true };
const wrongQueue = (path: string, change: object): Mistake => [
  `queue.${path}`,
  { queue: { ...KAFKA, ...change } },
];
const RABBIT = { ...KAFKA, kind: "rabbitmq", plaintext: false, credentials: { secretName: "s" } };

/** Mistakes in what a QueueWorker is told. */
export const workerMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("lagPerReplica", beyond(1, 1_000_000_000)),
  at("activationLag", beyond(0, 1_000_000_000)),
  at("cooldown", beyond(0, 86_400)),
  at("scaleDownDelay", beyond(0, 3600)),
  at("maxInFlight", beyond(1, 10_000)),
  at("maxAttempts", beyond(1, 1000)),
  at("drainTimeout", beyond(1, 86_400)),
  at("defaultModel", fc.constantFrom("", "nobody")),
  fc
    .integer({ min: 1, max: 100 })
    .map((least): Mistake => ["maxReplicas", { replicas: least + 1, maxReplicas: least }]),
  fc.constant<Mistake>(["brokerPods", { brokerPods: [], brokerCidrs: [] }]),
  fc
    .constantFrom("a,b", "-a", "ü", "x".repeat(64))
    .map((app): Mistake => [
      'brokerPods[0].podLabels["app"]',
      { brokerPods: [{ namespace: "queues", podLabels: { app } }] },
    ]),
  fc
    .constantFrom("", "A", "a.b")
    .map((namespace): Mistake => ["brokerPods[0].namespace", { brokerPods: [{ namespace, podLabels: {} }] }]),
  fc
    .constantFrom("0.0.0.0/0", "10.0.0.0", "a/8", "10.0.0.0/33", "::/0")
    .map((range): Mistake => ["brokerCidrs[0]", { brokerCidrs: [range] }]),
  fc
    .constantFrom("", "a", "a:b", "a:0", "a:65536", "A B:1", "a:1:2")
    .map((broker) => wrongQueue("brokers[0]", { brokers: [broker] })),
  fc.constantFrom<Mistake>(
    wrongQueue("kind", { kind: "sqs" }),
    wrongQueue("brokers", { brokers: [] }),
    wrongQueue("results", { results: "in" }),
    wrongQueue("deadLetters", { deadLetters: "out" }),
    wrongQueue("mechanism", { mechanism: "plain" }),
    wrongQueue("group", { group: "a b" }),
    wrongQueue("ca", { ca: "none" }),
    wrongQueue("credentials", { credentials: { secretName: "s" } }),
    ["queue.virtualHost", { queue: { ...RABBIT, virtualHost: "" } }],
    ["queue.credentials", { queue: { ...RABBIT, credentials: undefined } }],
    ["queue.credentials.secretName", { queue: { ...RABBIT, credentials: { secretName: "A B" } } }],
    ["queue.credentials.password", { queue: { ...RABBIT, credentials: { username: "u" } } }],
  ),
);

const METRICS = {
  image: `r.example/prometheus@sha256:${"a".repeat(64)}`,
  url: "https://a.example",
  bearerToken: "t",
};
const wrongMetrics = (path: string, change: object): Mistake => [
  path === "" ? "metrics" : `metrics.${path}`,
  { metrics: { ...METRICS, ...change } },
];

/** Mistakes in what an EdgeSite is told. */
export const siteMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("certificateDays", beyond(31, 3650)),
  at("fetchTimeout", beyond(60, 86_400)),
  at("startupTimeout", beyond(1, 86_400)),
  at("apiKeys", fc.constantFrom("", "till", "# nothing\n", `till sha256:${"c".repeat(63)} infer\n`)),
  beyond(30_000, 32_767).map((nodePort): Mistake => ["nodePort", { nodePort, clientCidrs: ["10.0.0.0/8"] }]),
  fc.constant<Mistake>(["clientCidrs", { nodePort: 30_001, clientCidrs: [] }]),
  fc.constant<Mistake>(["nodePort", { nodePort: undefined, clientCidrs: ["10.0.0.0/8"] }]),
  fc.constant<Mistake>(["clientCidrs[0]", { nodePort: 30_001, clientCidrs: ["0.0.0.0/0"] }]),
  fc.constantFrom("", "A", "a..b", "-a").map((host): Mistake => ["hostNames[0]", { hostNames: [host] }]),
  fc
    .constantFrom("", "1.2.3", "::1", "256.1.1.1")
    .map((ip): Mistake => ["ipAddresses[0]", { ipAddresses: [ip] }]),
  fc.constantFrom("", "much", "0", "-1Gi").map((size): Mistake => ["cache.size", { cache: { size } }]),
  fc.constant<Mistake>(["cache.size", { modelSize: "10Gi", cache: { size: "19Gi" } }]),
  fc.constant<Mistake>(["cache.storageClass", { cache: { size: "900Gi", storageClass: "A B" } }]),
  at("modelPullSecret", fc.constantFrom("", "A B")),
  fc.constantFrom<Mistake>(
    wrongMetrics("url", { url: "http://a.example" }),
    wrongMetrics("url", { url: "https://u:p@a.example" }),
    wrongMetrics("image", { image: "prometheus:v3" }),
    wrongMetrics("majorVersion", { majorVersion: 4 }),
    wrongMetrics("password", { bearerToken: undefined, username: "u" }),
    wrongMetrics("bearerToken", { username: "u", password: "p" }),
    wrongMetrics("clientKey", { clientCertificate: "c" }),
    wrongMetrics("", { bearerToken: undefined }),
  ),
  beyond(2, 720).map((bufferHours) => wrongMetrics("bufferHours", { bufferHours })),
  beyond(5, 300).map((scrapeInterval) => wrongMetrics("scrapeInterval", { scrapeInterval })),
  beyond(100, 100_000).map((maxSeries) => wrongMetrics("maxSeries", { maxSeries })),
);

const canary = (path: string, change: object): Mistake => [
  `strategy.${path}`,
  { strategy: { kind: "canary", ...change } },
];
const gate = (path: string, change: object): Mistake => [
  `gates[0].${path}`,
  { strategy: { kind: "canary" }, gates: [{ name: "gate", ...change }] },
];
const TRAFFIC = { live: "blue", weights: { blue: 100, green: 0 }, mirror: 0, standby: "warm" };
const moved = (path: string, change: object): Mistake => [
  `traffic.${path}`,
  { strategy: { kind: "canary" }, traffic: { ...TRAFFIC, ...change } },
];

/** Mistakes in what a Rollout is told. */
export const rolloutMistake: fc.Arbitrary<Mistake> = fc.oneof(
  fc.constantFrom<Mistake>(
    ["slots", { slots: {} }],
    ["strategy.kind", { strategy: { kind: "rolling" } }],
    canary("stepWeights", { stepWeights: [] }),
    canary("stepWeights[1]", { stepWeights: [5, 5] }),
    canary("stepWeights", { stepWeights: [5], weight: 5 }),
    canary("weight", { weight: 60, increment: 5, maxWeight: 50 }),
    canary("match.header", { match: { header: "a b", value: "x" } }),
    canary("match.header", { match: { header: "Cookie", value: "x" } }),
    canary("match.value", { match: { header: "x-a", value: "" } }),
    canary("match.value", { match: { header: "x-a", value: "blank " } }),
    canary("match.value", { match: { header: "x-a", value: "naïve" } }),
    gate("kind", { kind: "feeling" }),
    gate("image", { kind: "job", image: "suite:latest" }),
    moved("live", { live: "red" }),
    moved("weights", { weights: { blue: 50, green: 40 } }),
    moved("mirror", { mirror: 5 }),
    moved("standby", { standby: "hot" }),
    moved("standby", { weights: { blue: 90, green: 10 }, standby: "cold" }),
    [
      "traffic.weights",
      { strategy: { kind: "blueGreen" }, traffic: { ...TRAFFIC, weights: { blue: 60, green: 40 } } },
    ],
    [
      "traffic.weights.green",
      { strategy: { kind: "shadow" }, traffic: { ...TRAFFIC, weights: { blue: 60, green: 40 } } },
    ],
  ),
  beyond(1, 86_400).map((interval) => canary("interval", { interval })),
  beyond(0, 86_400).map((scaleDownDelay) => canary("scaleDownDelay", { scaleDownDelay })),
  beyond(1, 100).map((weight) => canary("stepWeights[0]", { stepWeights: [weight] })),
  beyond(0, 100).map((blue) => moved("weights.blue", { weights: { blue, green: 0 } })),
  beyond(1, 99).map((share): Mistake => ["strategy.share", { strategy: { kind: "abTest", share } }]),
);

/** Mistakes in what a ServerlessEndpoint is told. */
export const endpointMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("memoryMiB", beyond(128, 10_240)),
  at("storageMiB", beyond(512, 10_240)),
  at("timeout", beyond(1, 900)),
  at("architecture", fc.constantFrom("", "x86", "riscv64")),
  at("logRetentionDays", fc.constantFrom(0, 2, 366, NaN)),
  at("metricsNamespace", fc.constantFrom("", "AWS/Lambda", ":a", "a b", "a".repeat(256))),
  at("imageModels", fc.constantFrom("", "models", "/a b")),
  at("burst", fc.oneof(fc.integer({ max: 0 }), notWhole)),
  at("requestsPerSecond", fc.constantFrom(0, -1, NaN)),
  at("image", fc.constantFrom("", "registry.example.com/a", `r.example/a@sha256:${"a".repeat(64)}`)),
  fc.constantFrom<Mistake>(
    ["auth.type", { auth: { type: "none" } }],
    ["auth.audiences", { auth: { type: "jwt", issuer: "https://a.example", audiences: [] } }],
    ["auth.issuer", { auth: { type: "jwt", issuer: "http://a.example", audiences: ["a"] } }],
    ["auth.scopes", { auth: { type: "jwt", issuer: "https://a.example", audiences: ["a"], scopes: [] } }],
    ["provisionedConcurrency", { reservedConcurrency: 1, provisionedConcurrency: 2 }],
    ["reservedConcurrency", { reservedConcurrency: 0, provisionedConcurrency: 0 }],
    ["domain.hostName", { domain: { hostName: "localhost", certificateArn: "arn" } }],
    ["domain.certificateArn", { domain: { hostName: "a.example", certificateArn: "arn" } }],
    ["network.subnetIds", { network: { subnetIds: [], securityGroupIds: ["sg-1"] } }],
    ["models", { models: [], repository: undefined }],
    ["options.httpPort", { options: { httpPort: 1 } }],
  ),
);
