import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { edgeSettings } from "../../../components/hosted/edge-site";
import { HostedComponents } from "../../../components/hosted/provider";
import { workerSettings } from "../../../components/hosted/queue-worker";
import schema from "../../../components/hosted/schema.json";
import { endpointSettings } from "../../../components/hosted/serverless-endpoint";
import { declare, type Declaration } from "../support/declared";
import { DIGEST, IMAGE, model } from "../support/examples";

const provider = new HostedComponents("1.2.3");
const MODELS = [model("ocr", "4")];
const COMMON = { namespace: "ns", image: IMAGE, models: MODELS };
const QUEUE = {
  kind: "kafka",
  brokers: ["kafka.example.com:9093"],
  requests: "pages",
  results: "texts",
  credentials: { username: "worker", password: "s3cret" },
};
const KEYS = `till sha256:${"c".repeat(64)} infer\n`;
const FUNCTION = {
  image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${DIGEST}`,
  auth: { type: "jwt", issuer: "https://login.example.com", audiences: ["slipway"] },
};
const ROLLOUT = {
  namespace: "ns",
  image: IMAGE,
  slots: { blue: { models: [model("ocr", "4")] }, green: { models: [model("ocr", "5")], replicas: 3 } },
  strategy: { kind: "canary", stepWeights: [5, 50], interval: 120 },
  gates: [{ kind: "errorRate", name: "errors", maxPercent: 0.5 }],
  scrapers: [{ namespace: "monitoring", podLabels: { app: "prometheus" } }],
  replicas: 2,
  maxReplicas: 4,
};
const GATEWAY = {
  gatewayName: "front",
  host: "models.example.com",
  tokenIssuer: "https://issuer.example",
  tokenJwks: '{"keys":[]}',
};

async function construct(
  kind: string,
  inputs: pulumi.Inputs,
): Promise<{ declared: Declaration; state: Record<string, unknown> }> {
  let answer: ReturnType<HostedComponents["construct"]> | undefined;
  const declared = await declare(() => {
    answer = provider.construct("text", `slipway:index:${kind}`, inputs, {});
    answer.catch(() => undefined);
  });
  return { declared, state: (await answer!).state as Record<string, unknown> };
}

const known = (output: unknown): Promise<unknown> =>
  new Promise((resolve) => void (output as pulumi.Output<unknown>).apply(resolve));

describe("hosted components", () => {
  it("feed a server from a queue, with an authority and a repository of its own", async () => {
    const { declared, state } = await construct("QueueWorker", {
      ...COMMON,
      queue: QUEUE,
      brokerCidrs: ["10.0.0.0/8"],
      replicas: 0,
      maxReplicas: 4,
      modelSize: "20Mi",
    });
    assert.deepEqual(declared.object("Deployment", "text").spec.template.spec.containers[0].args, [
      "consume",
    ]);
    assert.equal(declared.object("ScaledObject", "text").spec.maxReplicaCount, 4);
    assert.ok(declared.kind("Secret").some(({ name }) => name === "text-broker-credentials"));
    assert.equal(await known(state.deadLetters), "pages-dead-letters");
  });

  it("serve at the edge", async () => {
    const { declared, state } = await construct("EdgeSite", {
      ...COMMON,
      apiKeys: KEYS,
      cache: { size: "8Gi" },
    });
    const { resources } = declared.object("PersistentVolumeClaim", "text-cache").spec;
    assert.deepEqual(resources.requests, { storage: "8Gi" });
    assert.equal(await known(state.hostName), "text.ns.svc");
    assert.match(String(await known(state.certificatePem)), /^certificate/);
  });

  it("serve as a function, of models that are fetched or lie in the image", async () => {
    const { declared } = await construct("ServerlessEndpoint", {
      ...FUNCTION,
      models: MODELS,
      memoryMiB: 3000,
    });
    const made = declared.resources.find(({ name }) => name === "text-function")!.inputs;
    assert.equal(made.memorySize, 3000);
    assert.match(made.environment.variables.SLIPWAY_MODELS, /"name":"ocr"/);
    const { declared: own } = await construct("ServerlessEndpoint", { ...FUNCTION, imageModels: "/mine" });
    const { variables } = own.resources.find(({ name }) => name === "text-function")!.inputs.environment;
    assert.equal(variables.SLIPWAY_MODEL_REPOSITORY, "/mine");
  });

  it("share requests between two slots, and tell the commands what they need", async () => {
    const traffic = { live: "blue", weights: { blue: 95, green: 5 } };
    const { declared, state } = await construct("Rollout", { ...ROLLOUT, traffic, gateway: GATEWAY });
    const { rules } = declared.object("HTTPRoute", "text-host").spec;
    const weights = rules
      .flatMap(({ backendRefs = [] }: { backendRefs?: { name: string; weight: number }[] }) => backendRefs)
      .filter(({ weight }: { weight?: number }) => weight === 5);
    assert.ok(weights.length > 0);
    assert.equal(await known(state.host), "text.models.example.com");
    const published = JSON.parse(String(await known(state.published))) as Record<string, unknown>;
    assert.equal(published.name, "text");
    assert.deepEqual(published.traffic, { ...traffic, mirror: 0, standby: "warm" });
    const scalers = declared.kind("HorizontalPodAutoscaler").map(({ inputs }) => inputs.spec.minReplicas);
    assert.deepEqual(scalers.sort(), [2, 3], "a slot's own number, and the rollout's");
  });

  const wrong: [string, string, pulumi.Inputs, string[]][] = [
    [
      "a queue with a misspelt field, and one without its broker's kind",
      "QueueWorker",
      { ...COMMON, queue: { ...QUEUE, kind: undefined, topics: "x" } },
      ["queue.topics", "queue.kind"],
    ],
    [
      "a worker's mistakes together",
      "QueueWorker",
      { ...COMMON, queue: { ...QUEUE, kind: "sqs" }, maxAttempts: 0, brokerCidrs: ["10.0.0.0/8"] },
      ["queue.kind", "maxAttempts"],
    ],
    [
      "a site without keys",
      "EdgeSite",
      { ...COMMON, apiKeys: "", nodePort: 1 },
      ["apiKeys", "clientCidrs", "nodePort"],
    ],
    [
      "a function whose tokens may be for anybody",
      "ServerlessEndpoint",
      { ...FUNCTION, auth: { type: "jwt" }, timeout: 0 },
      ["auth.issuer", "auth.audiences", "timeout"],
    ],
    [
      "a function with nobody to ask",
      "ServerlessEndpoint",
      { ...FUNCTION, auth: { type: "none" } },
      ["auth.type"],
    ],
    [
      "a slot that does not exist, and a strategy that does not",
      "Rollout",
      { ...ROLLOUT, slots: { ...ROLLOUT.slots, red: ROLLOUT.slots.blue }, strategy: { kind: "rolling" } },
      ["slots.red", "strategy.kind"],
    ],
    [
      "a slot without models, and models that are no list",
      "Rollout",
      { ...ROLLOUT, slots: { blue: {}, green: { models: "ocr" } } },
      ["slots.blue.models", "slots.green.models"],
    ],
    [
      "a gate that is no object",
      "Rollout",
      { ...ROLLOUT, gates: ["errors"], strategy: { kind: "canary", match: "x" } },
      ["strategy.match", "gates[0]"],
    ],
  ];
  for (const [what, kind, inputs, paths] of wrong) {
    it(`refuse ${what}, before any child exists`, async () => {
      let error: Error | undefined;
      const declared = await declare(() => {
        provider
          .construct("text", `slipway:index:${kind}`, inputs, {})
          .catch((reason: Error) => (error = reason));
      });
      const { errors = [] } = error as unknown as { errors?: { propertyPath: string }[] };
      assert.deepEqual(
        [...new Set(errors.map(({ propertyPath }) => propertyPath))].sort(),
        [...paths].sort(),
        error?.message,
      );
      assert.deepEqual(
        declared.types().filter((type) => type !== `slipway:index:${kind}`),
        [],
      );
    });
  }

  it("hand every setting on", () => {
    const inputs = (kind: keyof typeof schema.resources) =>
      Object.keys(schema.resources[kind].inputProperties);
    const registry = ["insecureRegistries", "registryCidrs"];
    const cases = [
      [
        "slipway:index:QueueWorker",
        workerSettings,
        [...registry, ...Object.keys(COMMON), "queue", "scrapers"],
      ],
      [
        "slipway:index:EdgeSite",
        edgeSettings,
        [...registry, ...Object.keys(COMMON), "apiKeys", "clients", "scrapers"],
      ],
      ["slipway:index:ServerlessEndpoint", endpointSettings, ["image", "auth", "models"]],
    ] as const;
    for (const [kind, settings, others] of cases) {
      const names = inputs(kind).filter((name) => !(others as readonly string[]).includes(name));
      const given = Object.fromEntries(names.map((name) => [name, name]));
      assert.deepEqual(settings(given as never), given, kind);
    }
  });
});
