import assert from "node:assert";
import { type Outcome, type PlainResource, runPack } from "../../policies/testing";
import { servingStackResources } from "./support/serving-stack";

describe("The local serving stack", () => {
  let resources: PlainResource[];
  let outcomes: Outcome[];
  before(async () => {
    resources = await servingStackResources();
    outcomes = await runPack(resources);
  });

  it("breaks no mandatory rule", () => {
    const broken = outcomes.filter(
      ({ state, enforcement }) => state === "fail" && enforcement === "mandatory",
    );
    assert.deepStrictEqual(
      broken.map(({ rule, message }) => `${rule}: ${message}`),
      [],
    );
  });

  it("leaves nothing unjudged", () => {
    assert.deepStrictEqual(
      outcomes.filter(({ state }) => state === "indeterminate"),
      [],
    );
  });

  it("is warned only of what it does on purpose: a node port for Prometheus, one pod for the smaller service, unsigned samples, no limit on what is written to a node's disk", () => {
    const warned = new Set(outcomes.filter(({ state }) => state === "fail").map(({ rule }) => rule));
    const intended = [
      "service-node-port",
      "deployment-minimum-replica-count",
      "model-signature",
      "container-ephemeral-storage-limit",
    ];
    for (const rule of intended) warned.delete(rule);
    assert.deepStrictEqual([...warned], []);
  });

  const guards: readonly [kind: string, rule: string][] = [
    ["SecurityPolicy", "route-effective-authentication"],
    ["BackendTLSPolicy", "route-backend-tls"],
    ["NetworkPolicy", "namespace-default-deny"],
    ["PodDisruptionBudget", "deployment-disruption-budget"],
  ];
  for (const [kind, rule] of guards) {
    it(`would be caught without its ${kind}`, async () => {
      const found = await runPack(resources.filter(({ type }) => !type.endsWith(`:${kind}`)));
      assert.ok(found.some((outcome) => outcome.rule === rule && outcome.state === "fail"));
    });
  }

  it("is what the rules are about", () => {
    const kinds = new Set(resources.map(({ type }) => type.split(":").at(-1)));
    for (const kind of [
      "Deployment",
      "NetworkPolicy",
      "Gateway",
      "HTTPRoute",
      "GRPCRoute",
      "SecurityPolicy",
      "BackendTLSPolicy",
    ]) {
      assert.ok(kinds.has(kind), `the stack declares no ${kind}`);
    }
  });
});

describe("A serving stack whose monitoring tells people and lets them in", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  const image = `registry.example/envoy@sha256:${"ab".repeat(32)}`;
  let resources: PlainResource[];
  before(async () => {
    resources = await servingStackResources({
      replicas: 2,
      storage: { size: "50Gi", storageClass: "encrypted" },
      remoteWrite: [{ url: "https://metrics.example/push", bearerToken: "a-token" }],
      alerting: {
        image,
        replicas: 2,
        receivers: { team: { slack: { apiUrl: "https://hooks.example/key" } } },
      },
      access: {
        auth: { basic: { users: { ana: { password: "a long password of somebody" } } } },
        proxyImage: image,
        grafana: {
          service: "grafana",
          namespace: "tools",
          caCertificates: pem,
          pods: { podLabels: { app: "grafana" }, port: 3000 },
        },
      },
    });
  });
  const broken = async (given: readonly PlainResource[]) =>
    (await runPack([...given]))
      .filter(({ state, enforcement }) => state === "fail" && enforcement === "mandatory")
      .map(({ rule, message }) => `${rule}: ${message}`);

  it("breaks no mandatory rule", async () => {
    assert.deepStrictEqual(await broken(resources), []);
  });

  const guards: readonly [kind: string, rule: string][] = [
    ["SecurityPolicy", "route-effective-authentication"],
    ["BackendTLSPolicy", "route-backend-tls"],
  ];
  for (const [kind, rule] of guards) {
    it(`would be caught without the ${kind} of a server's route`, async () => {
      const found = await broken(
        resources.filter(({ type, name }) => !(type.endsWith(`:${kind}`) && name?.startsWith("prometheus-"))),
      );
      assert.ok(found.length > 0 && found.every((one) => one.startsWith(`${rule}: `)), found.join("\n"));
    });
  }
});
