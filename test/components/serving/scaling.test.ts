import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { InferenceServiceArgs, ServiceScaling } from "../../../components";
import { declare } from "../support/declared";
import { SCRAPER, service } from "./support/service";

const KEDA = { on: "queueDepth", target: 4, via: "keda" } as const;
const ADAPTER = { on: "concurrency", target: 4, via: "prometheus-adapter" } as const;
const WATCHED = { scrapers: [SCRAPER] };

const scaled = (change: Partial<InferenceServiceArgs>) => declare(service("text", { ...WATCHED, ...change }));

describe("scaling of an InferenceService", () => {
  it("follows CPU unless it is told otherwise, at the same target", async () => {
    const [plain, said] = [
      await scaled({ targetPercent: 50 }),
      await scaled({ scaling: { on: "cpu", targetPercent: 50 } }),
    ];
    const { spec } = plain.object("HorizontalPodAutoscaler", "text");
    assert.equal(spec.metrics[0].resource.target.averageValue, "500m");
    assert.deepEqual(said.object("HorizontalPodAutoscaler", "text").spec, spec);
  });

  it("follows a metric of the pods, by a HorizontalPodAutoscaler that gives way to KEDA", async () => {
    const declared = await scaled({ scaling: ADAPTER });
    const { spec, metadata } = declared.object("HorizontalPodAutoscaler", "text");
    assert.equal(spec.metrics[0].pods.metric.name, "slipway_inference_concurrent_requests");
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [2, 4]);
    assert.deepEqual(metadata.annotations, { "validations.keda.sh/hpa-ownership": "false" });
    assert.equal(declared.object("Deployment", "text").spec.replicas, 2);
  });

  it("follows what KEDA reads in Prometheus, without an autoscaler of its own", async () => {
    const declared = await scaled({ scaling: KEDA, maxReplicas: 9 });
    assert.equal(declared.kind("HorizontalPodAutoscaler").length, 0);
    assert.equal(declared.object("Deployment", "text").spec.replicas, 2);
    const { apiVersion, spec } = declared.object("ScaledObject", "text");
    assert.equal(apiVersion, "keda.sh/v1alpha1");
    assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount, spec.fallback.replicas], [2, 9, 2]);
    assert.equal(
      spec.triggers[0].metadata.query,
      'sum(slipway_inference_pending_requests{namespace="ns",service="text"})',
    );
  });

  it("scales to zero with KEDA, and then takes a Service without pods for a sound one", async () => {
    const declared = await scaled({ scaling: KEDA, replicas: 0 });
    const { spec } = declared.object("ScaledObject", "text");
    assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount, spec.fallback.replicas], [0, 2, 1]);
    assert.deepEqual(declared.object("Service", "text").metadata.annotations, {
      "pulumi.com/skipAwait": "true",
    });
    const awake = await scaled({ scaling: KEDA, replicas: 1 });
    assert.equal(awake.object("Service", "text").metadata.annotations, undefined);
  });

  it("says whether there may be no pod at all", async () => {
    await declare(() => {
      assert.equal(service("text", { ...WATCHED, scaling: KEDA, replicas: 0 })().scalesToZero, true);
      assert.equal(service("voice", {})().scalesToZero, false);
    });
  });

  it("has a VerticalPodAutoscaler that recommends where it is wanted", async () => {
    assert.equal((await scaled({})).kind("VerticalPodAutoscaler").length, 0);
    const { spec } = (await scaled({ recommendResources: true })).object("VerticalPodAutoscaler", "text");
    assert.equal(spec.targetRef.name, "text");
    assert.equal(spec.updatePolicy.updateMode, "Off");
  });

  // As a program without types or a configuration may have it.
  const as = (scaling: object) => ({ ...WATCHED, scaling: scaling as ServiceScaling });
  const wrong: [string, Partial<InferenceServiceArgs>, string][] = [
    [
      "no pods without KEDA",
      { ...as(ADAPTER), replicas: 0 },
      '`replicas`: 0 must be a whole number >= 1; to scale to zero, give `scaling` with `via: "keda"`',
    ],
    ["less than no pods", { ...as(KEDA), replicas: -1 }, "`replicas`: -1 must be a whole number >= 0"],
    [
      "scaling between equal bounds",
      { ...as({ on: "cpu" }), replicas: 2, maxReplicas: 2 },
      "`maxReplicas`: 2 must be > `replicas` (2) where there is `scaling`",
    ],
    ["more pods than can be", { maxReplicas: 10_001 }, "`maxReplicas`: 10001 must be at most 10000"],
    ["a share of CPU above all", { targetPercent: 101 }, "`targetPercent`: 101 must be from 1 to 100"],
    [
      "a share of CPU that is none",
      as({ on: "cpu", targetPercent: 0 }),
      "`scaling.targetPercent`: 0 must be from 1 to 100",
    ],
    [
      "two shares of CPU",
      { ...as({ on: "cpu", targetPercent: 50 }), targetPercent: 50 },
      "`scaling.targetPercent`: says the same as `targetPercent`: give one of them",
    ],
    [
      "a share of CPU beside a queue",
      { ...as(KEDA), targetPercent: 50 },
      '`targetPercent`: 50 is for scaling on CPU, but `scaling.on` is "queueDepth"',
    ],
    [
      "a load that there is not",
      as({ on: "memory" }),
      '`scaling.on`: "memory" must be one of cpu, queueDepth, concurrency',
    ],
    [
      "requests that nobody counts",
      as({ on: "queueDepth", target: 4 }),
      '`scaling.via`: "" must be one of prometheus-adapter, keda',
    ],
    [
      "another who counts them",
      as({ ...KEDA, via: "knative" }),
      '`scaling.via`: "knative" must be one of prometheus-adapter, keda',
    ],
    [
      "CPU by way of KEDA",
      as({ on: "cpu", via: "keda" }),
      '`scaling.via`: is not for scaling on "cpu", which has on, targetPercent, scaleDownDelay',
    ],
    [
      "KEDA's fields for the adapter",
      as({ ...ADAPTER, cooldown: 60 }),
      '`scaling.cooldown`: is not for scaling via "prometheus-adapter", which has on, via, target, scaleDownDelay',
    ],
    [
      "no target",
      as({ on: "queueDepth", via: "keda" }),
      "`scaling.target`: undefined must be a number from 0.001 to 1000000",
    ],
    [
      "a target of none",
      as({ ...KEDA, target: 0 }),
      "`scaling.target`: 0 must be a number from 0.001 to 1000000",
    ],
    [
      "a delay beyond an hour",
      as({ ...KEDA, scaleDownDelay: 3601 }),
      "`scaling.scaleDownDelay`: 3601 must be whole seconds from 0 to 3600",
    ],
    [
      "metrics that nobody may read",
      { scaling: KEDA, scrapers: [] },
      '`scaling.on`: "queueDepth" needs `scrapers`: Prometheus must be let in to read the pods\' metrics',
    ],
    [
      "a Prometheus without an address",
      as({ ...KEDA, prometheusUrl: "prometheus:9090" }),
      '`scaling.prometheusUrl`: "prometheus:9090" must be an http or https URL',
    ],
    [
      "an unknown proof",
      as({ ...KEDA, prometheusUrl: "https://p", authModes: ["magic"], triggerAuthentication: "a" }),
      '`scaling.authModes[0]`: "magic" must be one of bearer, basic, tls, custom',
    ],
    [
      "a secret in the clear",
      as({ ...KEDA, prometheusUrl: "http://p", authModes: ["bearer"], triggerAuthentication: "a" }),
      '`scaling.prometheusUrl`: "http://p" must begin with https:// where `authModes` sends secrets',
    ],
    [
      "a proof without its secrets",
      as({ ...KEDA, prometheusUrl: "https://p", authModes: ["bearer"] }),
      "`scaling.triggerAuthentication`: is missing: it has the secrets of `authModes`",
    ],
    [
      "secrets under no name",
      as({ ...KEDA, triggerAuthentication: "A b" }),
      '`scaling.triggerAuthentication`: "A b" must be the name of a TriggerAuthentication',
    ],
    [
      "more pods in an emergency than at most",
      as({ ...KEDA, fallbackReplicas: 5 }),
      "`scaling.fallbackReplicas`: 5 must be a whole number from 1 to `maxReplicas` (4)",
    ],
    [
      "what wakes a service that never sleeps",
      as({ ...KEDA, cooldown: 60 }),
      "`scaling.cooldown`: is for services that scale to zero, but `replicas` is 2",
    ],
    [
      "half a request",
      { ...as({ ...KEDA, activationThreshold: 0.5 }), replicas: 0 },
      "`scaling.activationThreshold`: 0.5 must be a whole number from 0 to 1000000",
    ],
    [
      "a negative time",
      { ...as({ ...KEDA, cooldown: -1 }), replicas: 0 },
      "`scaling.cooldown`: -1 must be whole seconds from 0 to 86400",
    ],
    [
      "nothing to ask",
      { ...as({ ...KEDA, activationQuery: " " }), replicas: 0 },
      "`scaling.activationQuery`: must not be empty",
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, async () => {
      await declare(() =>
        assert.throws(service("text", change), (error) => {
          assert.ok(pulumi.InputPropertiesError.isInstance(error));
          assert.equal(error.message, `InferenceService "text": ${message}`);
          return true;
        }),
      );
    });
  }
});
