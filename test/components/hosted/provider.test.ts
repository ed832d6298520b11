import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { HostedComponents } from "../../../components/hosted/provider";
import schema from "../../../components/hosted/schema.json";
import { settingsOf } from "../../../components/hosted/settings";
import { EDGE_DEFAULTS } from "../../../components/edge/edge-settings";
import { QUEUE_WORKER_DEFAULTS } from "../../../components/serving/queue-worker-settings";
import { SERVERLESS_DEFAULTS } from "../../../components/serving/serverless-settings";
import { ROLLOUT_DEFAULTS } from "../../../components/traffic/rollout-settings";
import { EXACT } from "../../../rollout/comparison/rules";
import { GATE_DEFAULTS, STRATEGY_DEFAULTS } from "../../../rollout/defaults";
import { SCALING_DEFAULTS } from "../../../components/serving/scaling-settings";
import { SERVICE_DEFAULTS } from "../../../components/serving/service-settings";
import { STACK_DEFAULTS } from "../../../components/stack-settings";
import { GATEWAY_DEFAULTS } from "../../../components/traffic/gateway-settings";
import { ROUTE_DEFAULTS } from "../../../components/traffic/service-route";
import { declare, type Declaration } from "../support/declared";
import { IMAGE, model } from "../support/examples";

const provider = new HostedComponents("1.2.3");

const GATEWAY = {
  gatewayName: "front",
  host: "models.example.com",
  tokenIssuer: "https://issuer.example",
  tokenJwks: '{"keys":[]}',
};
const SERVICE = { namespace: "ns", image: IMAGE, models: [model("ocr", "4")], replicas: 1, maxReplicas: 1 };
const STACK = {
  runtimeImage: IMAGE,
  tokenIssuer: "https://issuer.example",
  services: [{ name: "text", models: [model("ocr", "4")] }],
};

/** What the provider makes, and the state that it answers with. */
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

describe("HostedComponents", () => {
  it("serves a model behind a gateway that exists, from plain values", async () => {
    const { declared, state } = await construct("InferenceService", { ...SERVICE, gateway: GATEWAY });
    const { containers } = declared.object("Deployment", "text").spec.template.spec;
    assert.equal(containers[0].image, IMAGE);
    assert.deepEqual(declared.object("HTTPRoute", "text-host").spec.hostnames, ["text.models.example.com"]);
    const [{ jwt }] = declared.kind("SecurityPolicy").map(({ inputs }) => inputs.spec);
    assert.equal(jwt.providers[0].issuer, "https://issuer.example");
    assert.deepEqual(jwt.providers[0].audiences, ["slipway"]);
    const [{ from }] = declared.object("NetworkPolicy", "text").spec.ingress;
    assert.deepEqual(from[0].podSelector.matchLabels, {
      "gateway.envoyproxy.io/owning-gateway-name": "front",
      "gateway.envoyproxy.io/owning-gateway-namespace": "ns",
    });
    assert.deepEqual(Object.keys(state).sort(), [
      "certificatePem",
      "host",
      "hostName",
      "namespace",
      "serviceName",
    ]);
    assert.equal(await known(state.host), "text.models.example.com");
    assert.equal(await known(state.hostName), "text.ns.svc");
  });

  it("scales on what Prometheus counts, which a schema can say only field by field", async () => {
    const scaling = { on: "queueDepth", via: "keda", target: 4 };
    const scrapers = [{ namespace: "monitoring", podLabels: { app: "prometheus" } }];
    const { declared } = await construct("InferenceService", {
      ...SERVICE,
      maxReplicas: 3,
      scaling,
      scrapers,
    });
    assert.equal(declared.object("ScaledObject", "text").spec.maxReplicaCount, 3);
    assert.equal(declared.kind("ServiceMonitor").length, 1);
  });

  it("lets nobody in, and makes no route, where there is no gateway", async () => {
    const { declared, state } = await construct("InferenceService", SERVICE);
    assert.deepEqual(declared.object("NetworkPolicy", "text").spec.ingress, []);
    assert.deepEqual(declared.kind("HTTPRoute"), []);
    assert.equal(state.host, undefined);
  });

  it("makes a platform, with or without Prometheus", async () => {
    const { declared, state } = await construct("ServingStack", { ...STACK, host: "models.example.com" });
    assert.equal(declared.kind("Gateway").length, 1);
    assert.equal(declared.kind("Prometheus").length, 1);
    assert.equal(await known(state.host), "models.example.com");
    assert.equal(await known(state.namespace), "slipway");
    const without = await construct("ServingStack", { ...STACK, monitoring: false });
    assert.deepEqual(without.declared.kind("Prometheus"), []);
  });

  const wrong: [string, string, pulumi.Inputs, string][] = [
    [
      "a type that is not there",
      "Gateway",
      {},
      '"slipway:index:Gateway" does not exist; there are ' + Object.keys(schema.resources).join(", ") + ".",
    ],
    [
      "what is missing",
      "ServingStack",
      { services: STACK.services, runtimeImage: IMAGE },
      'ServingStack "text": `tokenIssuer`: is missing',
    ],
    [
      "several mistakes, with one error and before any child exists",
      "InferenceService",
      { ...SERVICE, replicas: 0.5, models: [{ ...model("ocr"), sha256: "no" }], requestTimeout: 0 },
      'InferenceService "text": `models[0].sha256`: "no" must be 64 hex digits; `replicas`: 0.5 must be a whole number >= 1; ' +
        "`requestTimeout`: 0 must be a whole number >= 1",
    ],
  ];
  for (const [what, kind, inputs, message] of wrong) {
    it(`refuses ${what}`, async () => {
      let error: Error | undefined;
      const declared = await declare(() => {
        provider
          .construct("text", `slipway:index:${kind}`, inputs, {})
          .catch((reason: Error) => (error = reason));
      });
      assert.equal(error?.message, message);
      assert.deepEqual(
        declared.types().filter((type) => !type.startsWith("slipway:index:" + kind)),
        [],
      );
    });
  }

  it("refuses an input that is not there, and says which are", async () => {
    const inputs = Object.keys(schema.resources["slipway:index:InferenceService"].inputProperties);
    await assert.rejects(
      provider.construct("text", "slipway:index:InferenceService", { ...SERVICE, replica: 1 }, {}),
      {
        message: `InferenceService "text": \`replica\`: is not an input; there are ${inputs.join(", ")}`,
      },
    );
  });

  it("has the package's version in its schema", () => {
    assert.equal((JSON.parse(provider.schema) as { version: string }).version, "1.2.3");
  });
});

/** Everything in the schema that may be left out, with its words. */
function optionalInputs(): [owner: string, name: string, description: string][] {
  const shapes: [string, Record<string, object>][] = [
    ...Object.entries(schema.resources).map(
      ([token, { inputProperties }]): [string, Record<string, object>] => [token, inputProperties],
    ),
    ...Object.entries(schema.types).map(([token, type]): [string, Record<string, object>] => [
      token,
      "properties" in type ? type.properties : {},
    ]),
  ];
  return shapes.flatMap(([token, properties]) =>
    Object.entries(properties as Record<string, { optional?: boolean; description?: string }>)
      .filter(([, { optional }]) => optional)
      .map(([name, { description }]): [string, string, string] => [token, name, description ?? ""]),
  );
}

describe("components/hosted/schema.json", () => {
  it("tells the defaults that apply", () => {
    const services = { ...SCALING_DEFAULTS, ...SERVICE_DEFAULTS, ...ROUTE_DEFAULTS, ...STACK_DEFAULTS };
    /** Where a component has defaults of its own. */
    const own: Record<string, Record<string, unknown>> = {
      EdgeSite: EDGE_DEFAULTS,
      EdgeCache: EDGE_DEFAULTS,
      EdgeMetrics: EDGE_DEFAULTS,
      QueueWorker: { ...SERVICE_DEFAULTS, ...QUEUE_WORKER_DEFAULTS },
      Rollout: { ...services, ...ROLLOUT_DEFAULTS },
      ServerlessEndpoint: SERVERLESS_DEFAULTS,
      ServerlessAuth: SERVERLESS_DEFAULTS,
      Strategy: STRATEGY_DEFAULTS,
      OutputRule: EXACT,
      Gate: GATE_DEFAULTS,
    };
    const gateway: Record<string, unknown> = {
      host: GATEWAY_DEFAULTS.host,
      gatewayReplicas: GATEWAY_DEFAULTS.replicas,
      gatewayPort: GATEWAY_DEFAULTS.port,
      gatewayServiceType: GATEWAY_DEFAULTS.serviceType,
      proxyNamespace: GATEWAY_DEFAULTS.proxyNamespace,
    };
    let compared = 0;
    for (const [owner, name, description] of optionalInputs()) {
      const kind = owner.split(":")[2]!;
      const defaults: Record<string, unknown> = own[kind] ?? services;
      const expected = name in gateway && !(kind in own) ? gateway[name] : defaults[name];
      if (expected === undefined) continue;
      const told = /Default: (.+)\.$/.exec(description)?.[1];
      assert.deepEqual(parse(told ?? ""), expected, `${owner} ${name}`);
      compared++;
    }
    assert.ok(compared > 80, String(compared));
  });

  it("hands every setting of a service on", () => {
    const settings = Object.keys(schema.types["slipway:index:StackService"].properties).filter(
      (name) => name !== "name" && name !== "models",
    );
    const given = Object.fromEntries(settings.map((name) => [name, name]));
    assert.deepEqual(settingsOf(given as never), given);
  });
});
