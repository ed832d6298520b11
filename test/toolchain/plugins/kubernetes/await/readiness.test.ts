import * as assert from "node:assert";
import { readinessOf } from "../../../../../toolchain/plugins/kubernetes/await";
import type { ReadinessContext } from "../../../../../toolchain/plugins/kubernetes/await/readiness";
import type { KubeObject } from "../../../../../toolchain/plugins/kubernetes/object";
import type { Answer } from "../support";
import { fakeApiServer } from "../support";

interface Case {
  readonly title: string;
  readonly object: KubeObject;
  readonly state: "ready" | "waiting" | "failed";
  readonly message?: RegExp;
  /** What the API server has beside the object. */
  readonly answer?: Answer;
  readonly elapsedMs?: number;
}

function object(apiVersion: string, kind: string, spec: object, status: object, generation = 1): KubeObject {
  return { apiVersion, kind, metadata: { name: "x", namespace: "n", generation }, spec, status };
}

const deployment = (status: object, spec: object = { replicas: 2 }) =>
  object("apps/v1", "Deployment", spec, status, 3);
const rolledOut = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const service = (spec: object, status: object = {}) => object("v1", "Service", spec, status);
const endpoints = (...ready: (boolean | undefined)[]): Answer => ({
  body: { items: [{ endpoints: ready.map((each) => ({ conditions: { ready: each } })) }] },
});
const gatewayApi = "gateway.networking.k8s.io/v1";
const condition = (type: string, status: string, more: object = {}) => ({ type, status, ...more });
const gateway = (...conditions: object[]) => object(gatewayApi, "Gateway", {}, { conditions }, 2);
const route = (...conditions: object[]) =>
  object(gatewayApi, "HTTPRoute", {}, { parents: [{ conditions }] }, 2);
const claim = (status: object) => object("v1", "PersistentVolumeClaim", { storageClassName: "s" }, status);
const job = (...conditions: object[]) => object("batch/v1", "Job", { completions: 1 }, { conditions });

const cases: Case[] = [
  { title: "a rolled-out Deployment", object: deployment(rolledOut), state: "ready" },
  {
    title: "a Deployment nobody has looked at",
    object: deployment({ ...rolledOut, observedGeneration: 2 }),
    state: "waiting",
    message: /not seen/,
  },
  {
    title: "a Deployment with an old replica left",
    object: deployment({ ...rolledOut, replicas: 3 }),
    state: "waiting",
    message: /1 old replicas/,
  },
  {
    title: "a Deployment that is not available",
    object: deployment({ ...rolledOut, availableReplicas: 1 }),
    state: "waiting",
    message: /1 of 2 replicas available/,
  },
  {
    title: "a Deployment beyond its deadline",
    object: deployment({
      ...rolledOut,
      conditions: [condition("Progressing", "False", { reason: "ProgressDeadlineExceeded" })],
    }),
    state: "failed",
    message: /no progress/,
  },
  {
    title: "a paused Deployment",
    object: deployment({ observedGeneration: 3 }, { paused: true }),
    state: "ready",
  },
  {
    title: "a Deployment of no replicas",
    object: deployment({ observedGeneration: 3 }, { replicas: 0 }),
    state: "ready",
  },

  {
    title: "a ready StatefulSet",
    object: object(
      "apps/v1",
      "StatefulSet",
      { replicas: 1 },
      { observedGeneration: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "a" },
    ),
    state: "ready",
  },
  {
    title: "a StatefulSet in the middle of a roll-out",
    object: object(
      "apps/v1",
      "StatefulSet",
      { replicas: 2 },
      {
        observedGeneration: 1,
        readyReplicas: 2,
        updatedReplicas: 1,
        currentRevision: "a",
        updateRevision: "b",
      },
    ),
    state: "waiting",
    message: /1 of 2 replicas updated/,
  },
  {
    title: "a StatefulSet whose partition holds the rest back",
    object: object(
      "apps/v1",
      "StatefulSet",
      { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
      {
        observedGeneration: 1,
        readyReplicas: 2,
        updatedReplicas: 1,
        currentRevision: "a",
        updateRevision: "b",
      },
    ),
    state: "ready",
  },
  {
    title: "a DaemonSet that lacks a node",
    object: object(
      "apps/v1",
      "DaemonSet",
      {},
      { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
    ),
    state: "waiting",
    message: /1 of 2 nodes/,
  },
  {
    title: "a DaemonSet everywhere",
    object: object(
      "apps/v1",
      "DaemonSet",
      {},
      { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
    ),
    state: "ready",
  },

  { title: "a complete Job", object: job(condition("Complete", "True")), state: "ready" },
  {
    title: "a failed Job",
    object: job(condition("Failed", "True", { reason: "BackoffLimitExceeded", message: "too often" })),
    state: "failed",
    message: /too often/,
  },
  { title: "a running Job", object: job(), state: "waiting", message: /0 of 1 completions/ },

  {
    title: "a ready Pod",
    object: object("v1", "Pod", {}, { phase: "Running", conditions: [condition("Ready", "True")] }),
    state: "ready",
  },
  {
    title: "a Pod that fits on no node",
    object: object(
      "v1",
      "Pod",
      {},
      { phase: "Pending", conditions: [condition("PodScheduled", "False", { message: "no GPU" })] },
    ),
    state: "waiting",
    message: /no GPU/,
  },
  {
    title: "a failed Pod",
    object: object("v1", "Pod", {}, { phase: "Failed", reason: "Evicted" }),
    state: "failed",
    message: /Evicted/,
  },

  {
    title: "a Service with a ready endpoint",
    object: service({ selector: { a: "b" } }),
    state: "ready",
    answer: endpoints(false, true),
  },
  {
    title: "a Service whose endpoint does not say",
    object: service({ selector: { a: "b" } }),
    state: "ready",
    answer: endpoints(undefined),
  },
  {
    title: "a Service with unready pods",
    object: service({ selector: { a: "b" } }),
    state: "waiting",
    message: /none of the 1 pods/,
    answer: endpoints(false),
  },
  {
    title: "a Service that selects nothing yet",
    object: service({ selector: { a: "b" } }),
    state: "waiting",
    answer: endpoints(),
  },
  {
    title: "a Service that selects nothing for long",
    object: service({ selector: { a: "b" } }),
    state: "ready",
    answer: endpoints(),
    elapsedMs: 10_000,
  },
  {
    title: "a headless Service",
    object: service({ selector: { a: "b" }, clusterIP: "None" }),
    state: "ready",
  },
  {
    title: "an ExternalName Service",
    object: service({ selector: { a: "b" }, type: "ExternalName" }),
    state: "ready",
  },
  { title: "a Service without a selector", object: service({}), state: "ready" },
  {
    title: "a load balancer without an address",
    object: service({ type: "LoadBalancer" }),
    state: "waiting",
    message: /load balancer/,
  },
  {
    title: "a load balancer with one",
    object: service({ type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } }),
    state: "ready",
  },

  { title: "a bound claim", object: claim({ phase: "Bound" }), state: "ready" },
  {
    title: "a claim that waits for its consumer",
    object: claim({ phase: "Pending" }),
    state: "ready",
    answer: { body: { volumeBindingMode: "WaitForFirstConsumer" } },
  },
  {
    title: "a claim that nobody serves",
    object: claim({ phase: "Pending" }),
    state: "waiting",
    message: /no volume/,
    answer: { body: {} },
  },
  {
    title: "an established definition",
    object: object(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      { conditions: [condition("Established", "True")] },
    ),
    state: "ready",
  },
  {
    title: "a definition whose names are taken",
    object: object(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      { conditions: [condition("NamesAccepted", "False", { message: "taken" })] },
    ),
    state: "failed",
    message: /taken/,
  },
  {
    title: "an ingress without an address",
    object: object("networking.k8s.io/v1", "Ingress", {}, {}),
    state: "waiting",
  },

  {
    title: "a programmed Gateway",
    object: gateway(
      condition("Accepted", "True"),
      condition("Programmed", "True", { observedGeneration: 2 }),
    ),
    state: "ready",
  },
  {
    title: "a Gateway nobody takes up",
    object: gateway(condition("Accepted", "Unknown", { reason: "Pending" })),
    state: "waiting",
    message: /Accepted is Unknown \(Pending\)/,
  },
  {
    title: "a Gateway programmed as it was",
    object: gateway(
      condition("Accepted", "True"),
      condition("Programmed", "True", { observedGeneration: 1 }),
    ),
    state: "waiting",
    message: /newest Gateway/,
  },
  {
    title: "an accepted route",
    object: route(condition("Accepted", "True"), condition("ResolvedRefs", "True")),
    state: "ready",
  },
  {
    title: "a refused route",
    object: route(condition("Accepted", "False", { reason: "NoMatchingListenerHostname" })),
    state: "waiting",
    message: /NoMatchingListenerHostname/,
  },
  {
    title: "a route to nowhere",
    object: route(
      condition("Accepted", "True"),
      condition("ResolvedRefs", "False", { reason: "BackendNotFound" }),
    ),
    state: "waiting",
    message: /BackendNotFound/,
  },
  {
    title: "a policy nobody reports on yet",
    object: object("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", {}, {}),
    state: "waiting",
  },
  {
    title: "a policy nobody reports on at all",
    object: object("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", {}, {}),
    state: "ready",
    elapsedMs: 6_000,
  },
];

describe("readinessOf", () => {
  for (const { title, object: live, state, message, answer, elapsedMs = 0 } of cases) {
    it(`takes ${title} for ${state}`, async () => {
      const server = await fakeApiServer(() => answer);
      try {
        const context: ReadinessContext = {
          cluster: server.cluster,
          signal: new AbortController().signal,
          elapsedMs,
        };
        const verdict = await readinessOf(live)?.(live, context);
        assert.strictEqual(verdict?.state, state, verdict?.message);
        if (message) assert.match(verdict.message, message);
      } finally {
        await server.stop();
      }
    });
  }

  it("waits for nothing that the program does not want waited for", () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    assert.strictEqual(readinessOf({ ...deployment({}), metadata: { annotations } }), undefined);
  });

  it("waits for no other kind", () => {
    assert.strictEqual(readinessOf(object("example.com/v1", "Widget", {}, {})), undefined);
  });
});
