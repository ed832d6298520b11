import assert from "node:assert";
import type { Rollout } from "../../../components";
import type { Declaration } from "../support/declared";
import { BLUE, GREEN, routed, valueOf } from "./support/rollout";

const FLAGGER = {
  driver: "flagger",
  strategy: { kind: "canary", stepWeights: [20, 50], interval: 30 },
} as const;
const SCRAPERS = { scrapers: [{ namespace: "m", podLabels: { app: "prometheus" } }] };
const ERRORS = { kind: "errorRate", name: "errors", maxPercent: 0.5, notWorseThanLiveBy: 1 } as const;
const LATENCY = { kind: "latency", name: "p99", notSlowerThanLiveBy: 50 } as const;
const APPROVAL = { kind: "approval", name: "Owner" } as const;

const targets = (policy: { spec: { targetRefs: { kind: string; name: string }[] } }) =>
  policy.spec.targetRefs.map(({ kind, name }) => `${kind} ${name}`);

describe("a Rollout with Flagger", () => {
  let rollout: Rollout;
  let declared: Declaration;
  before(async () => {
    [rollout, declared] = await routed({ ...FLAGGER, ...SCRAPERS, gates: [ERRORS, LATENCY] });
  });

  it("makes one target with the candidate's models, no slots and no Services: those are Flagger's", () => {
    const deployments = declared.kind("Deployment").map(({ inputs }) => inputs.metadata.name);
    assert.deepEqual(
      deployments.sort(),
      ["front-console", "text"].filter((name) => deployments.includes(name)),
    );
    assert.ok(deployments.includes("text"));
    const services = declared.kind("Service").map(({ inputs }) => inputs.metadata.name);
    assert.ok(!services.some((name) => String(name).startsWith("text")));
    const fetched = JSON.stringify(declared.object("Deployment", "text").spec.template.spec.initContainers);
    assert.ok(fetched.includes(GREEN.models[0]!.sha256), fetched);
    assert.deepEqual(
      rollout.models.map(({ version }) => version),
      ["5"],
    );
    assert.equal(rollout.routing, undefined);
    assert.deepEqual(rollout.backends, []);
  });

  it("runs what blue has while there is no candidate", async () => {
    const [only] = await routed({ ...FLAGGER, slots: { blue: BLUE } });
    assert.deepEqual(
      only.models.map(({ version }) => version),
      ["4"],
    );
  });

  it("gives its pods a label that Flagger tells both sides by; everything else selects both", () => {
    const { spec } = declared.object("Deployment", "text");
    const both = { "app.kubernetes.io/name": "slipway-server", "app.kubernetes.io/instance": "text" };
    assert.deepEqual(spec.selector.matchLabels, { app: "text", ...both });
    const labels = spec.template.metadata.labels;
    assert.deepEqual({ ...labels, app: "text", "slipway.dev/rollout": "text", ...both }, labels);
    for (const kind of ["NetworkPolicy", "PodDisruptionBudget", "ServiceMonitor"]) {
      const { podSelector, selector } = declared.object(kind, "text").spec;
      assert.deepEqual((podSelector ?? selector).matchLabels, both, kind);
    }
    const { service } = declared.object("Canary", "text").spec;
    for (const side of [service.primary, service.canary])
      assert.deepEqual({ ...side.labels, ...both }, side.labels);
    // Prometheus must not find the primary's pods a second time.
    assert.ok(!("app.kubernetes.io/instance" in service.apex.labels));
  });

  it("has no autoscaler, since the pods are Flagger's to take", () => {
    assert.deepEqual(declared.kind("HorizontalPodAutoscaler"), []);
    assert.equal(declared.object("Deployment", "text").spec.replicas, 2);
  });

  it("leaves the shared route to Flagger, behind the same policies", () => {
    const routes = declared.kind("HTTPRoute").map(({ inputs }) => inputs.metadata.name);
    assert.deepEqual(routes, ["text-host"]);
    const { spec, metadata } = declared.object("Canary", "text");
    assert.deepEqual(spec.service.match, [{ uri: { prefix: "/v2/models/ocr" } }]);
    assert.equal(spec.service.hosts.length, 2);
    assert.equal(spec.service.hosts[1], `text.${spec.service.hosts[0]}`);
    assert.ok(spec.service.headers.request.remove.includes("Authorization"));
    assert.deepEqual(targets(declared.object("SecurityPolicy", "text-http")), [
      "HTTPRoute text",
      "HTTPRoute text-host",
    ]);
    assert.equal(metadata.annotations["pulumi.com/deletionPropagationPolicy"], "foreground");
    assert.deepEqual(targets(declared.object("BackendTLSPolicy", "text")), [
      "Service text",
      "Service text-primary",
      "Service text-canary",
    ]);
  });

  it("makes the Canary after every policy of its route, and after the pods", async () => {
    const policies = ["text-http-auth", "text-http-traffic", "text-backend-tls"];
    const slow = [...policies, "text-deployment"];
    const [, { resources }] = await routed(FLAGGER, { slow });
    const order = resources.map(({ name }) => name);
    for (const name of slow) {
      assert.ok(order.includes(name), name);
      assert.ok(order.indexOf(name) < order.indexOf("text-canary"), name);
    }
  });

  it("keeps a host where people sign in out of Flagger's route, which has no policies by rule", async () => {
    const auth = {
      jwt: {
        issuer: "https://login.example.com",
        audiences: ["models"],
        jwksUri: "https://login.example.com/jwks.json",
      },
      oidc: { clientId: "slipway", clientSecret: "secret" },
    };
    const [, signedIn] = await routed(FLAGGER, { auth });
    assert.equal(signedIn.object("Canary", "text").spec.service.hosts.length, 1);
  });

  it("waits for the candidate's pods as long as their Deployment does", async () => {
    const deadline = (declared: Declaration) => [
      declared.object("Canary", "text").spec.progressDeadlineSeconds,
      declared.object("Deployment", "text").spec.progressDeadlineSeconds,
    ];
    assert.deepEqual(deadline(declared), [300, 300]);
    const [, slow] = await routed({ ...FLAGGER, startupTimeout: 3600 });
    assert.deepEqual(deadline(slow), [3780, 3780]);
  });

  it("goes by the same steps, and back at the first measurement that is bad", () => {
    const { analysis } = declared.object("Canary", "text").spec;
    assert.equal(analysis.interval, "30s");
    assert.deepEqual(analysis.stepWeights, [20, 50]);
    assert.equal(analysis.threshold, 1);
    assert.ok(!("sessionAffinity" in analysis));
    assert.deepEqual(analysis.webhooks, []);
  });

  it("measures what the gates ask, and the distance to the live slot, at Services that Flagger makes", () => {
    const { metrics } = declared.object("Canary", "text").spec.analysis;
    assert.deepEqual(
      metrics.map(({ name, thresholdRange }: { name: string; thresholdRange: object }) => [
        name,
        thresholdRange,
      ]),
      [
        ["text-gate-errors", { max: 0.5 }],
        ["text-gate-errors-to-live", { max: 1 }],
        // A quantile beyond the histogram's end is given as that end, which may be close to the primary's.
        ["text-gate-p99", { max: 62.999 }],
        ["text-gate-p99-to-live", { max: 50 }],
      ],
    );
    const template = (name: string) => declared.object("MetricTemplate", name).spec;
    assert.deepEqual(template("text-gate-errors").provider, {
      type: "prometheus",
      address: "http://prometheus.slipway-monitoring:9090",
    });
    assert.ok(template("text-gate-errors").query.includes('{namespace="ns",service="text-canary"'));
    assert.ok(!template("text-gate-errors").query.includes("text-primary"));
    assert.ok(template("text-gate-errors-to-live").query.includes('service="text-primary"'));
    assert.ok(/^100 \* \(\(histogram_quantile/.test(template("text-gate-p99-to-live").query));
    // Flagger reads queries as Go templates.
    for (const { inputs } of declared.kind("MetricTemplate")) assert.ok(!inputs.spec.query.includes("{{"));
  });

  it("asks for a person's word before it promotes, and keeps clients on either side by a cookie", async () => {
    const [, agreed] = await routed({
      driver: "flagger",
      strategy: { kind: "canary", affinity: true },
      gates: [APPROVAL],
      flagger: { approvalUrl: "http://flagger-loadtester.test/gate/check" },
    });
    const { analysis } = agreed.object("Canary", "text").spec;
    assert.deepEqual(analysis.webhooks, [
      {
        name: "Owner",
        type: "confirm-promotion",
        url: "http://flagger-loadtester.test/gate/check",
        timeout: "5s",
        metadata: { gate: "Owner" },
      },
    ]);
    const { cookieName, primaryCookieName, secure, httpOnly } = analysis.sessionAffinity;
    assert.deepEqual(
      [cookieName, primaryCookieName, secure, httpOnly],
      ["slipway-canary", "slipway-primary", true, true],
    );
  });

  it("tells the commands whose the weights are: blue is the primary, green the canary", async () => {
    const { driver, slots, routes } = await valueOf(rollout.published);
    assert.equal(driver, "flagger");
    assert.deepEqual(routes, { http: ["text"], grpc: [] });
    assert.equal(slots.blue!.service, "text-primary");
    assert.deepEqual([slots.green!.service, slots.green!.deployment], ["text-canary", "text"]);
    assert.deepEqual([slots.blue!.models[0]!.version, slots.green!.models[0]!.version], ["4", "5"]);
  });
});
