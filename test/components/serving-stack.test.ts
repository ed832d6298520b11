import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ServingStack, type GpuPool, type ServingStackArgs, type StackService } from "../../components";
import { declare, type Declaration } from "./support/declared";
import { model, stackArgs } from "./support/examples";

const POOL: GpuPool = {
  resourceName: "nvidia.com/gpu",
  unitsPerNode: 2,
  unitsPerPod: 2,
  maxUnits: 4,
  nodeSelector: {},
  tolerations: [],
};

/** Kinds that must be there before a route may lead anywhere. */
const GUARDS = ["SecurityPolicy", "BackendTrafficPolicy", "BackendTLSPolicy"];
const ROUTES = ["HTTPRoute", "GRPCRoute"];

function withArgs(change: Partial<ServingStackArgs>): () => ServingStack {
  return () => new ServingStack("slipway", { ...stackArgs(), ...change });
}

describe("ServingStack", () => {
  let declared: Declaration;
  before(async () => {
    declared = await declare(withArgs({}));
  });

  it("declares the same objects under the same names as before", () => {
    // A changed line replaces a live object: give the new name an alias.
    const names = declared.resources
      .filter((resource) => resource.inputs.kind)
      .map((resource) => {
        const { kind, metadata } = resource.inputs as {
          kind: string;
          metadata: { namespace?: string; name?: string };
        };
        return `${kind} ${metadata.namespace ?? "-"}/${metadata.name ?? "*"} (${resource.name})`;
      });
    assert.deepEqual(names.sort(), OBJECTS);
  });

  it("declares every guard of a service before its routes", async () => {
    const slow = await declare(withArgs({}), GUARDS);
    for (const service of ["text", "voice"]) {
      const own = slow.resources.filter((resource) => resource.name.startsWith(`${service}-`));
      // Policies of single rules are refused where there is no such rule yet: they follow the route, which its own policies guard.
      const whole = own.filter(({ name }) => !name.endsWith("-control"));
      const kinds = whole.map((resource) => resource.inputs.kind as string | undefined);
      const lastGuard = Math.max(...GUARDS.map((kind) => kinds.lastIndexOf(kind)));
      const firstRoute = Math.min(...ROUTES.map((kind) => kinds.indexOf(kind)));
      assert.ok(lastGuard < firstRoute, kinds.join(" "));
    }
  });

  it("judges by the whole pool whether an update may start a pod more", async () => {
    const strategies = async (maxUnits: number) => {
      const gpuPool = { ...POOL, maxUnits };
      const own = (name: string) => ({ name, gpuPool, gpus: 1, replicas: 2, maxReplicas: 2 });
      const slot = (name: string) => ({ models: [model(name)], maxReplicas: 1, replicas: 1 });
      const services: StackService[] = [
        { ...own("a"), models: [model("a")] },
        {
          ...own("b"),
          rollout: { strategy: { kind: "blueGreen" }, slots: { blue: slot("b"), green: slot("b") } },
        },
        { name: "c", models: [model("c")], gpuPool: { ...gpuPool }, gpus: 1, replicas: 2, maxReplicas: 2 },
      ];
      const made = await declare(withArgs({ services }));
      return ["a", "c"].map((name) => made.object("Deployment", name).spec.strategy.rollingUpdate.maxSurge);
    };
    // Two pods of `a` and one in each slot of `b` fill a pool of four; `c` has one of its own.
    assert.deepEqual(await strategies(4), [0, 1]);
    assert.deepEqual(await strategies(5), [1, 1]);
  });

  it("declares the network policies before the pods that they guard, and the client policy before the gateway", async () => {
    const slow = await declare(withArgs({}), ["NetworkPolicy", "ClientTrafficPolicy"]);
    const names = slow.resources.filter((resource) => resource.inputs.kind).map((resource) => resource.name);
    const inOrder = (first: string, second: string) =>
      assert.ok(names.indexOf(first) < names.indexOf(second), `${first}, ${second}`);
    inOrder("slipway-default-deny", "text-deployment");
    inOrder("text-flows", "text-deployment");
    inOrder("voice-flows", "voice-deployment");
    inOrder("prometheus-flows", "prometheus-prometheus");
    inOrder("slipway-clients", "slipway-gateway");
  });

  it("guards every route by a security policy that names it", () => {
    const guarded = declared
      .kind("SecurityPolicy")
      .flatMap(({ inputs }) =>
        inputs.spec.targetRefs.map((ref: { kind: string; name: string }) => `${ref.kind}/${ref.name}`),
      );
    const routes = ROUTES.flatMap((kind) =>
      declared.kind(kind).map(({ inputs }) => `${kind}/${inputs.metadata.name}`),
    );
    assert.equal(routes.length, 8);
    assert.deepEqual(guarded.sort(), routes.sort());
  });

  it("makes namespaces for restricted pods in which nothing may speak by default", () => {
    for (const name of ["slipway", "slipway-monitoring"]) {
      const { labels } = declared.object("Namespace", name).metadata;
      assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
      const policy = declared
        .kind("NetworkPolicy")
        .find(({ inputs }) => inputs.metadata.name === "default-deny" && inputs.metadata.namespace === name);
      assert.deepEqual(policy?.inputs.spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    }
  });

  it("gives every image as a reference with a digest", () => {
    const images = [
      ...JSON.stringify(declared.resources.map(({ inputs }) => inputs)).matchAll(/"image":"([^"]+)"/g),
    ];
    assert.ok(images.length >= 6);
    for (const [, image] of images) assert.match(image!, /@sha256:[0-9a-f]{64}$/);
  });

  it("leaves monitoring out where it is not wanted", async () => {
    const without = await declare(withArgs({ monitoring: false }));
    assert.equal(without.kind("Prometheus").length, 0);
    assert.equal(without.kind("ServiceMonitor").length, 0);
    assert.equal(without.object("NetworkPolicy", "text").spec.ingress.length, 1);
  });

  it("makes no namespace for a Prometheus that is there already, which the services let in and their monitors are for", async () => {
    const existing = { namespace: "monitoring", podLabels: { app: "prometheus" } };
    const labels = { release: "kube-prometheus-stack" };
    const declared = await declare(withArgs({ monitoring: { existing, labels } }));
    assert.deepEqual(
      declared.kind("Namespace").map(({ inputs }) => inputs.metadata.name),
      ["slipway"],
    );
    for (const { inputs } of [...declared.kind("ServiceMonitor"), ...declared.kind("PodMonitor")])
      assert.equal(inputs.metadata.labels.release, "kube-prometheus-stack");
    const [, scraping] = declared.object("NetworkPolicy", "text").spec.ingress;
    assert.deepEqual(scraping.from[0].podSelector.matchLabels, { app: "prometheus" });
    assert.equal(scraping.from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"], "monitoring");
  });

  it("asks where a Prometheus that is there already is to be asked", () => {
    const monitoring = { existing: { namespace: "monitoring" } };
    const [service] = stackArgs().services;
    const asking: StackService = {
      ...service!,
      scaling: { on: "queueDepth", target: 4, via: "keda" },
    };
    return declare(() =>
      assert.throws(withArgs({ monitoring, services: [asking] }), {
        message:
          'ServingStack "slipway": `services[0].scaling.prometheusUrl`: must be given beside `monitoring.existing`, as in "http://prometheus-operated.monitoring:9090"',
      }),
    );
  });

  it("has monitoring that is there already in a namespace of its own", () =>
    declare(() =>
      assert.throws(
        withArgs({ monitoring: { existing: { namespace: "slipway" } }, monitoringNamespace: "m" }),
        {
          message:
            'ServingStack "slipway": `monitoringNamespace`: cannot be given beside `monitoring.existing`, which has a namespace; ' +
            '`monitoring.existing.namespace`: "slipway" is the stack\'s own namespace, in which no other pods may be reached',
        },
      ),
    ));

  it("takes an existing gateway, monitoring, repository and authorities", async () => {
    const again = await declare(() => {
      const first = new ServingStack("first", stackArgs());
      const { authority, tokens, gateway, monitoring, repository } = first;
      new ServingStack("second", {
        ...stackArgs(),
        namespace: "second",
        services: [{ name: "late", models: [model("silero-vad", "5")] }],
        ...{ authority, tokens, gateway, monitoring, repository },
      });
    });
    for (const kind of ["Gateway", "Prometheus", "GatewayClass"])
      assert.equal(again.kind(kind).length, 1, kind);
    assert.equal(again.kind("Deployment").length, 3);
  });

  const wrong: [string, Partial<ServingStackArgs>, string][] = [
    ["no service", { services: [] }, 'ServingStack "slipway": `services`: must name at least one service'],
    [
      "two services of a name",
      {
        services: [
          { name: "a", models: [model("x")] },
          { name: "a", models: [model("y")] },
        ],
      },
      'ServingStack "slipway": `services[1].name`: "a" is also services[0]',
    ],
    [
      "a service with the name of another's route",
      {
        services: [
          { name: "a", models: [model("x")] },
          { name: "a-host", models: [model("y")] },
        ],
      },
      'ServingStack "slipway": `services[0].name`: "a" has a route "a-host", which is also the name of a service',
    ],
    [
      "a service with the name of the stack's own network policy",
      { services: [{ name: "default-deny", models: [model("x")] }] },
      'ServingStack "slipway": `services[0].name`: "default-deny" is the name of the stack\'s own network policy',
    ],
    [
      "more models in a service than a route can tell apart",
      { services: [{ name: "a", models: Array.from({ length: 129 }, (_, i) => model(`m${i}`)) }] },
      'ServingStack "slipway": `services[0].models`: 129 models must be at most 128, which is what one route can tell apart; use a further service',
    ],
    [
      "services that ask more of a pool than it allows together",
      {
        services: ["a", "b"].map((name) => ({
          name,
          models: [model(name)],
          gpuPool: POOL,
          gpus: 1,
          replicas: 3,
          maxReplicas: 3,
        })),
      },
      'ServingStack "slipway": `services`: 6 nvidia.com/gpu asked by a, b, the pool allows 4',
    ],
    [
      "a model of two services",
      {
        services: [
          { name: "a", models: [model("x")] },
          { name: "b", models: [model("x", "2")] },
        ],
      },
      'ServingStack "slipway": `services[1].models[0]`: model "x" is already served by service "a"',
    ],
    [
      "a namespace that is none",
      { namespace: "A b" },
      'ServingStack "slipway": `namespace`: "A b" must be a DNS label',
    ],
    [
      "an image without a digest",
      { runtimeImage: "runtime:latest" },
      'ServingStack "slipway": `runtimeImage`: "runtime:latest" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
    [
      "a node port outside the range",
      { gateway: { nodePort: 443 } },
      'ServingStack "slipway": `gateway.nodePort`: 443 must be from 30000 to 32767',
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, async () => {
      await declare(() =>
        assert.throws(withArgs(change), (error) => {
          assert.ok(pulumi.InputPropertiesError.isInstance(error));
          assert.equal(error.message, message);
          return true;
        }),
      );
    });
  }

  it("makes no child where an input of the last one is wrong", async () => {
    const { resources } = await declare(() => {
      const services = [...stackArgs().services, { name: "late", models: [model("late")], replicas: 0 }];
      assert.throws(withArgs({ services }), /`services\[2\]\.replicas`: 0 must be/);
    });
    assert.deepEqual(
      resources.map((resource) => resource.type),
      ["slipway:index:ServingStack"],
    );
  });
});

const perService = (name: string): string[] => [
  `BackendTLSPolicy slipway/${name} (${name}-backend-tls)`,
  `BackendTrafficPolicy slipway/${name}-grpc (${name}-grpc-traffic)`,
  `BackendTrafficPolicy slipway/${name}-grpc-control (${name}-grpc-control)`,
  `BackendTrafficPolicy slipway/${name}-http (${name}-http-traffic)`,
  `BackendTrafficPolicy slipway/${name}-http-control (${name}-http-control)`,
  `ConfigMap slipway/* (${name}-ca)`,
  `ConfigMap slipway/${name}-options-72cdcce4 (${name}-options)`,
  `Deployment slipway/${name} (${name}-deployment)`,
  `GRPCRoute slipway/${name} (${name}-grpc-shared)`,
  `GRPCRoute slipway/${name}-host (${name}-grpc-own)`,
  `HTTPRoute slipway/${name} (${name}-http-shared)`,
  `HTTPRoute slipway/${name}-host (${name}-http-own)`,
  `NetworkPolicy slipway/${name} (${name}-flows)`,
  `PodDisruptionBudget slipway/${name} (${name}-disruption)`,
  `PrometheusRule slipway/${name}-alerts (${name}-alerts)`,
  `Secret slipway/* (${name}-tls)`,
  `SecurityPolicy slipway/${name}-grpc (${name}-grpc-auth)`,
  `SecurityPolicy slipway/${name}-http (${name}-http-auth)`,
  `Service slipway/${name} (${name}-service)`,
  `ServiceAccount slipway/${name} (${name}-account)`,
  `ServiceMonitor slipway/${name} (${name}-monitor)`,
];

const ALERTMANAGER = "slipway-monitoring/prometheus-alertmanager (prometheus-alertmanager";

const OBJECTS = [
  "Alertmanager slipway-monitoring/prometheus (prometheus-alertmanager)",
  `NetworkPolicy ${ALERTMANAGER}-flows)`,
  "Role slipway-monitoring/prometheus-discovery (prometheus-discovery-own)",
  "RoleBinding slipway-monitoring/prometheus-discovery (prometheus-discovery-own-binding)",
  `Service ${ALERTMANAGER}-service)`,
  `ServiceAccount ${ALERTMANAGER}-account)`,
  `ServiceMonitor ${ALERTMANAGER}-monitor)`,
  ...perService("text"),
  ...perService("voice"),
  "HorizontalPodAutoscaler slipway/text (text-autoscaler)",
  "ClientTrafficPolicy slipway/slipway (slipway-clients)",
  ...["fleet", "model", "rollout", "gpu", "drift", "cost"].map(
    (name) => `ConfigMap slipway-monitoring/prometheus-dashboard-${name} (prometheus-dashboard-${name})`,
  ),
  "PrometheusRule slipway-monitoring/prometheus-alerts (prometheus-alerts)",
  "EnvoyProxy slipway/slipway (slipway-proxy)",
  "Gateway slipway/slipway (slipway-gateway)",
  "GatewayClass -/slipway (slipway-class)",
  "Namespace -/slipway (slipway-namespace)",
  "Namespace -/slipway-monitoring (slipway-monitoring-namespace)",
  "NetworkPolicy slipway/default-deny (slipway-default-deny)",
  "NetworkPolicy slipway-monitoring/default-deny (slipway-monitoring-default-deny)",
  "NetworkPolicy slipway-monitoring/prometheus (prometheus-flows)",
  "PodMonitor slipway-monitoring/prometheus-proxies-0 (prometheus-proxies-0)",
  "Prometheus slipway-monitoring/prometheus (prometheus-prometheus)",
  "Role envoy-gateway-system/prometheus-discovery (prometheus-discovery-1)",
  "Role slipway/prometheus-discovery (prometheus-discovery-0)",
  "RoleBinding envoy-gateway-system/prometheus-discovery (prometheus-discovery-1-binding)",
  "RoleBinding slipway/prometheus-discovery (prometheus-discovery-0-binding)",
  "Secret slipway/* (slipway-tls)",
  "Service slipway-monitoring/prometheus (prometheus-service)",
  "ServiceAccount slipway-monitoring/prometheus (prometheus-account)",
].sort();
