import assert from "node:assert/strict";
import { discoverRollouts } from "../../../cli/rollout/discover";
import { TrafficCluster } from "../../../cli/rollout/kubernetes";
import { moveAllTraffic } from "../../../cli/rollout/move-routes";
import { observe } from "../../../cli/rollout/observe";
import { promote } from "../../../cli/rollout/promote";
import { conditionOf } from "../../../cli/rollout/readiness";
import { goBack } from "../../../cli/rollout/retreat";
import { allTrafficTo, sharesOf, type RouteRule } from "../../../cli/rollout/route-rules";
import type { TrafficState } from "../../../rollout/traffic-state";
import { FakeWorld } from "./support/fake-desk";
import { FakeApi, fieldsOwnedBy, type Stored } from "./support/fake-api";
import {
  applyState,
  DIGEST,
  makeRecord,
  MANAGER,
  NAMESPACE,
  published,
  rulesFor,
  scaleTo,
} from "./support/fake-service";

const services = { blue: "text-blue", green: "text-green" };
const split: TrafficState = { live: "blue", weights: { blue: 75, green: 25 }, mirror: 0, standby: "warm" };
const rollout = published({
  strategy: { kind: "canary", affinity: true, match: { header: "x-beta", value: "1" } },
  traffic: split,
});

describe("sharesOf", () => {
  it("reads what requests get that ask for nothing: no preview, no cookie, no match", () => {
    const rules = rulesFor(rollout, split) as RouteRule[];
    assert.ok(rules.length > 6, "the state has rules of every sort");
    assert.deepEqual(sharesOf(rules, services), [{ weights: { blue: 75, green: 25 }, mirror: 0 }]);
  });

  it("reads copies, and weights that sum to anything", () => {
    const state: TrafficState = {
      live: "green",
      weights: { blue: 0, green: 100 },
      mirror: 30,
      standby: "warm",
    };
    const shadow = published({ strategy: { kind: "shadow" }, traffic: state });
    assert.deepEqual(sharesOf(rulesFor(shadow, state) as RouteRule[], services), [
      { weights: { blue: 0, green: 100 }, mirror: 30 },
    ]);
    const thirds = [
      {
        backendRefs: [{ name: "text-blue", weight: 2 }, { name: "text-green" }, { name: "other", weight: 9 }],
      },
    ];
    assert.deepEqual(sharesOf(thirds, services), [{ weights: { blue: 67, green: 33 }, mirror: 0 }]);
  });

  it("leaves out the paths of versions, which one slot alone has", () => {
    const rules = [
      {
        name: "traffic",
        backendRefs: [
          { name: "text-blue", weight: 90 },
          { name: "text-green", weight: 10 },
        ],
      },
      { name: "version-green", backendRefs: [{ name: "text-green", weight: 1 }] },
    ];
    assert.deepEqual(sharesOf(rules, services), [{ weights: { blue: 90, green: 10 }, mirror: 0 }]);
    assert.deepEqual(allTrafficTo(rules, services, "blue")[1], rules[1]);
  });

  it("tells of rules that disagree", () => {
    const rule = (blue: number) => ({
      backendRefs: [
        { name: "text-blue", weight: blue },
        { name: "text-green", weight: 100 - blue },
      ],
    });
    assert.equal(sharesOf([rule(100), rule(40), rule(40)], services).length, 2);
  });
});

describe("allTrafficTo", () => {
  it("gives every rule of both slots to the live one, keeps places and previews, and ends copies", () => {
    for (const state of [split, { ...split, weights: { blue: 100, green: 0 }, mirror: 40 }]) {
      const before = rulesFor(rollout, state) as RouteRule[];
      const after = allTrafficTo(before, services, "blue");
      assert.deepEqual(
        after.map(({ name }) => name),
        before.map(({ name }) => name),
      );
      after.forEach((rule, i) => {
        const refs = rule.backendRefs!;
        if (refs.length === 1) return assert.deepEqual(rule, before[i]);
        assert.deepEqual(
          refs.map(({ name, weight }) => [name, weight]),
          [
            ["text-blue", 100],
            ["text-green", 0],
          ],
        );
        assert.ok(!JSON.stringify(rule.filters).includes("requestMirror"));
        assert.deepEqual(rule.matches, before[i]!.matches);
      });
    }
  });
});

describe("moveAllTraffic", () => {
  const routes = [
    { kind: "HTTPRoute", name: "text" },
    { kind: "GRPCRoute", name: "text-host" },
  ] as const;
  let api: FakeApi;
  let cluster: TrafficCluster;
  beforeEach(() => {
    api = new FakeApi();
    applyState(api, rollout, split);
    cluster = new TrafficCluster(api.connection());
  });
  const move = () => moveAllTraffic(cluster, NAMESPACE, routes, services, "blue");

  it("applies under the manager that owns the routes, and leaves it the only one", async () => {
    const before = api.get("HTTPRoute", "text")!;
    before.metadata.labels!["kubectl.example.com/note"] = "by hand";
    before.metadata.managedFields!.push({
      manager: "kubectl-label",
      operation: "Update",
      fieldsV1: { "f:metadata": { "f:labels": { "f:kubectl.example.com/note": {} } } },
    });
    assert.equal(await move(), 2);
    const after = api.get("HTTPRoute", "text")!;
    assert.ok(
      api.requests.some((line) => line.includes(`fieldManager=${MANAGER}`) && line.includes("force=true")),
    );
    assert.deepEqual(after.metadata.labels, before.metadata.labels);
    assert.deepEqual(after.spec!.parentRefs, before.spec!.parentRefs);
    assert.deepEqual(after.spec!.hostnames, before.spec!.hostnames);
    const owned = after.metadata.managedFields!.find(({ manager }) => manager === MANAGER)!.fieldsV1;
    assert.deepEqual(
      owned,
      fieldsOwnedBy({
        ...after,
        metadata: {
          ...after.metadata,
          labels: { "slipway.dev/rollout": "text", "app.kubernetes.io/part-of": "slipway" },
        },
      }),
    );
  });

  it("writes nothing where there is nothing to move", async () => {
    await move();
    const asked = api.requests.length;
    assert.equal(await move(), 0);
    assert.ok(api.requests.slice(asked).every((line) => line.startsWith("GET ")));
  });

  it("tries again with the object as it is when somebody wrote in between", async () => {
    let conflicts = 0;
    api.beforeWrite = (path) => {
      if (!path.endsWith("/text") || ++conflicts > 2) return;
      const route = api.get("HTTPRoute", "text")!;
      api.put({ ...route, spec: { ...route.spec, hostnames: [`host-${conflicts}`] } });
    };
    assert.equal(await move(), 2);
    assert.deepEqual(
      api.get("HTTPRoute", "text")!.spec!.hostnames,
      ["host-2"],
      "the other's write is not lost",
    );
  });

  it("takes rules back from somebody who edited them", async () => {
    const route = api.get("HTTPRoute", "text")!;
    const [own] = route.metadata.managedFields!;
    const withoutRules = {
      ...own!,
      fieldsV1: { "f:metadata": {}, "f:spec": { "f:parentRefs": {}, "f:hostnames": {} } },
    };
    const editor = {
      manager: "kubectl-edit",
      operation: "Update",
      fieldsV1: { "f:spec": { "f:rules": {} } },
    };
    api.put({ ...route, metadata: { ...route.metadata, managedFields: [editor, withoutRules] } });
    await move();
    const { managedFields } = api.get("HTTPRoute", "text")!.metadata;
    assert.ok(JSON.stringify(managedFields!.find(({ manager }) => manager === MANAGER)).includes("f:rules"));
  });

  it("moves the others where one route cannot be moved, and says which", async () => {
    api.remove("HTTPRoute", "text");
    await assert.rejects(move(), { message: "the cluster has no HTTPRoute `text` in namespace models" });
    const refs = (api.get("GRPCRoute", "text-host")!.spec as { rules: RouteRule[] }).rules[0]!.backendRefs!;
    assert.deepEqual(
      refs.map(({ weight }) => weight),
      [100, 0],
    );
  });

  it("gives up after six tries against somebody who never stops writing", async () => {
    api.beforeWrite = () => {
      for (const route of [...api.all("HTTPRoute"), ...api.all("GRPCRoute")]) api.put(route);
    };
    await assert.rejects(
      move(),
      /^SlipwayError: HTTPRoute `text` could not be moved: the object has been modified/,
    );
  });
});

describe("conditionOf", () => {
  const deployment = (spec: object, status: object, generation = 1) =>
    ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", generation },
      spec,
      status,
    }) as unknown as Stored;
  const slices = (...ready: (boolean | undefined)[]) => [
    { endpoints: ready.map((each) => ({ conditions: { ready: each } })) } as unknown as Stored,
  ];
  const rolling = (maxUnavailable: number | string) => ({
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable } },
  });
  const good = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 1 };
  for (const [name, given, endpoints, ready, detail] of [
    ["a pod is missing", deployment({ replicas: 2 }, good), slices(true), false, "1 of 2 pods are ready"],
    [
      "no more pods are missing than its strategy allows",
      deployment({ replicas: 10, ...rolling("25%") }, { ...good, replicas: 10, readyReplicas: 8 }),
      slices(true),
      true,
      "8 of 10 pods are ready, 8 pods are from before its last change",
    ],
    [
      "more pods are missing than its strategy allows",
      deployment({ replicas: 10, ...rolling(2) }, { ...good, updatedReplicas: 10, readyReplicas: 7 }),
      slices(true),
      false,
      "7 of 10 pods are ready",
    ],
    [
      "the only pod may be missing, and is",
      deployment({ replicas: 1, ...rolling(1) }, { ...good, readyReplicas: 0 }),
      slices(),
      false,
      "0 of 1 pod are ready",
    ],
    [
      "an endpoint of unknown readiness counts, as the API says",
      deployment({ replicas: 1 }, good),
      slices(undefined),
      true,
      "1 of 1 pod is ready",
    ],
    [
      "no endpoint",
      deployment({ replicas: 2 }, good),
      slices(false),
      false,
      "1 of 2 pods are ready, but its Service has no endpoints yet",
    ],
    [
      "no ready pod",
      deployment({ replicas: 2 }, { ...good, readyReplicas: 0 }),
      slices(),
      false,
      "0 of 2 pods are ready",
    ],
    ["no pod wanted", deployment({ replicas: 0 }, {}), slices(), false, "it is cold: it has no pods"],
    [
      "a change not seen",
      deployment({ replicas: 2 }, good, 2),
      slices(true),
      false,
      "its last change has not been taken up yet",
    ],
    [
      "old pods only",
      deployment({ replicas: 2 }, { ...good, updatedReplicas: 0 }),
      slices(true),
      false,
      "none of its pods has the new version yet",
    ],
    [
      "old pods beside new ones",
      deployment({ replicas: 2 }, { ...good, replicas: 3, updatedReplicas: 1, readyReplicas: 2 }),
      slices(true, true),
      true,
      "2 of 2 pods are ready, 2 pods are from before its last change",
    ],
    ["nothing", undefined, slices(true), false, "it has nothing to run"],
  ] as const) {
    it(name, () => {
      const condition = conditionOf(given, endpoints);
      assert.deepEqual([condition.ready, condition.detail], [ready, detail]);
      assert.equal(condition.filled, given !== undefined);
      assert.equal(condition.cold, detail.startsWith("it is cold"));
      assert.equal(condition.outdated, /\d+ pods? (?:is|are) from before its last change/.exec(detail)?.[0]);
    });
  }
});

describe("conditionOf a slot that is not whole", () => {
  it("gives its pods the time that their Deployment gives them", () => {
    const api = new FakeApi();
    scaleTo(api, "text", "blue", 2, 1);
    const deployment = api.get("Deployment", "text-blue")!;
    assert.equal(conditionOf(deployment, []).patienceMs, 600_000);
    const spec = { ...deployment.spec, progressDeadlineSeconds: 1_780 };
    assert.equal(conditionOf({ ...deployment, spec }, []).patienceMs, 1_780_000);
  });

  it("tells whether any of its pods answers", () => {
    const api = new FakeApi();
    for (const [ready, answers] of [
      [2, true],
      [1, true],
      [0, false],
    ] as const) {
      scaleTo(api, "text", "blue", 3, ready);
      const condition = conditionOf(api.get("Deployment", "text-blue"), api.all("EndpointSlice"));
      assert.deepEqual([condition.ready, condition.answers], [false, answers]);
    }
  });
});

describe("discoverRollouts", () => {
  it("finds by labels what a way back needs, and no more is claimed to be known", async () => {
    const api = new FakeApi();
    applyState(api, rollout, split);
    makeRecord(api);
    scaleTo(api, "text", "green", 2, 1);
    const [found, ...others] = await discoverRollouts(new TrafficCluster(api.connection()), undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(found, {
      name: "text",
      namespace: NAMESPACE,
      driver: "pulumi",
      slots: {
        blue: { service: "text-blue", digest: DIGEST.blue, models: [] },
        green: { service: "text-green", digest: DIGEST.green, models: [] },
      },
      routes: { http: ["text", "text-host"], grpc: ["text", "text-host"] },
      record: "text-rollout-record",
    });
    const cluster = new TrafficCluster(api.connection());
    await assert.rejects(observe(cluster, found!, {}), {
      message:
        "which slot of `text` is live is recorded nowhere, and its traffic is split; give `slipway:traffic` in the profile's configuration",
    });
    applyState(api, rollout, { ...split, live: "green", weights: { blue: 0, green: 100 } });
    assert.equal((await observe(cluster, found!, {})).situation.configured.live, "green");
  });

  it("knows what the slots serve by what their pods fetch, so that a way back is none to a new candidate", async () => {
    const world = new FakeWorld({ strategy: { kind: "canary" } });
    try {
      await promote(world.desk(), "", async () => []);
      const fill = (version: string) => {
        const pull = ["pull", "--to", "/models", "--name", "ocr", "--version", version];
        const args = [...pull, "--sha256", "blue".padEnd(64, "0"), "oci://r.example/ocr"];
        const deployment = world.api.get("Deployment", "text-blue")!;
        const template = (deployment.spec as { template: { spec: object } }).template;
        const spec = { ...template.spec, initContainers: [{ args }] };
        world.api.put({ ...deployment, spec: { ...deployment.spec, template: { spec } } });
      };
      const goBackByObjects = async () => {
        const desk = world.desk();
        const [found] = await discoverRollouts(desk.cluster, undefined);
        return goBack(Object.assign(desk, { rollout: found! }), "rollback", "", world.now);
      };
      fill("6");
      await assert.rejects(goBackByObjects(), /slot blue of `text` was filled anew since green was promoted/);
      fill("4");
      assert.equal((await goBackByObjects()).kind, "done");
    } finally {
      world.end();
    }
  });

  it("finds both sides of what Flagger carries out, whose objects have no slots", async () => {
    const api = new FakeApi();
    const labels = { "slipway.dev/rollout": "text" };
    const backendRefs = [
      { name: "text-primary", weight: 70 },
      { name: "text-canary", weight: 30 },
    ];
    const route = (name: string, manager: string, spec: object) =>
      api.put({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name, namespace: NAMESPACE, labels, managedFields: [{ manager }] },
        spec,
      } as never);
    route("text", "flagger", { rules: [{ backendRefs }] });
    route("text-host", "pulumi-kubernetes", { rules: [{ backendRefs: [{ name: "text", weight: 1 }] }] });
    const deployment = (name: string, digest: string, replicas: number) =>
      api.put({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace: NAMESPACE, generation: 1 },
        spec: { replicas, template: { spec: { containers: [{ image: `r.example/slipway@${digest}` }] } } },
        status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: replicas },
      } as never);
    deployment("text-primary", DIGEST.blue, 2);
    deployment("text", DIGEST.green, 0);
    const cluster = new TrafficCluster(api.connection());
    const [found] = await discoverRollouts(cluster, undefined);
    assert.deepEqual(found, {
      name: "text",
      namespace: NAMESPACE,
      driver: "flagger",
      slots: {
        blue: { service: "text-primary", deployment: "text-primary", digest: DIGEST.blue, models: [] },
        green: { service: "text-canary", deployment: "text", digest: DIGEST.green, models: [] },
      },
      routes: { http: ["text"], grpc: [] },
      record: "text-rollout-record",
    });
    const traffic = { live: "blue", weights: { blue: 100, green: 0 }, mirror: 0, standby: "warm" } as const;
    const { situation } = await observe(cluster, { ...found!, traffic }, { configured: traffic });
    assert.deepEqual(
      situation.routes.map(({ weights }) => weights),
      [{ blue: 70, green: 30 }],
    );
    assert.deepEqual([situation.slots.blue.filled, situation.slots.green.cold], [true, true]);
  });
});
