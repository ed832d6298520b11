import assert from "node:assert";
import type { PublishedRollout } from "../../../rollout/published";
import { candidateShare, initialState, type TrafficState } from "../../../rollout/traffic-state";
import type { Declaration } from "../support/declared";
import { IMAGE, model } from "../support/examples";
import type { Rollout } from "../../../components";
import { BLUE, GREEN, routed, valueOf } from "./support/rollout";

const STEP: TrafficState = { ...initialState("blue"), weights: candidateShare("blue", 10) };
const PROMOTED: TrafficState = initialState("green");

const SCRAPERS = { scrapers: [{ namespace: "m", podLabels: { app: "prometheus" } }] };
const ERRORS = { kind: "errorRate", name: "errors" } as const;
const JOB = { kind: "job", name: "check", image: IMAGE } as const;

const names = ({ resources }: Declaration) => resources.map(({ name }) => name);

/** Whether every route was made after the resource. */
function routesFollow(declaration: Declaration, name: string): boolean {
  const order = names(declaration);
  const routes = order.flatMap((one, i) => (/^text-(http|grpc)-(shared|own)$/.test(one) ? [i] : []));
  assert.equal(routes.length, 4);
  const at = order.indexOf(name);
  assert.ok(at >= 0, name);
  return routes.every((i) => i > at);
}

describe("Rollout", () => {
  let rollout: Rollout;
  let declared: Declaration;
  before(async () => {
    [rollout, declared] = await routed({ ...SCRAPERS, gates: [JOB, ERRORS] });
  });

  it("makes a service for every filled slot, marked as its slot", async () => {
    for (const slot of ["blue", "green"]) {
      const service = `text-${slot}`;
      const marks = { "slipway.dev/rollout": "text", "slipway.dev/slot": slot };
      const { metadata, spec } = declared.object("Deployment", service);
      for (const labels of [
        metadata.labels,
        spec.template.metadata.labels,
        declared.object("Service", service).metadata.labels,
        declared.object("ServiceMonitor", service).metadata.labels,
      ]) {
        assert.deepEqual({ ...labels, ...marks }, labels);
        assert.equal(labels["app.kubernetes.io/instance"], service);
      }
      // A Deployment's selector cannot change, and needs nothing of a rollout.
      assert.deepEqual(Object.keys(spec.selector.matchLabels).sort(), [
        "app.kubernetes.io/instance",
        "app.kubernetes.io/name",
      ]);
    }
    assert.deepEqual(Object.keys(rollout.services), ["blue", "green"]);
    const [single] = await routed({ slots: { blue: BLUE } });
    assert.deepEqual(Object.keys(single.services), ["blue"]);
  });

  it("gives slots the settings of the rollout, unless they have their own", async () => {
    const other = `r.example/other@sha256:${"c".repeat(64)}`;
    const [, declared] = await routed({
      cpuLimit: "2",
      slots: { blue: BLUE, green: { ...GREEN, cpuLimit: "4", image: other } },
    });
    const container = (slot: string) =>
      declared.object("Deployment", `text-${slot}`).spec.template.spec.containers[0];
    assert.deepEqual(
      ["blue", "green"].map((slot) => container(slot).resources.limits.cpu),
      ["2", "4"],
    );
    assert.deepEqual(
      ["blue", "green"].map((slot) => container(slot).image),
      [IMAGE, other],
    );
  });

  it("has certificates for each slot's own name and for one that both answer to, which the gateway asks for", async () => {
    for (const slot of ["blue", "green"]) {
      const request = declared.resources.find(({ name }) => name === `text-${slot}-tls-request`)!;
      assert.ok(request.inputs.dnsNames.includes(`text-${slot}.ns.svc`));
      assert.ok(request.inputs.dnsNames.includes("text.ns.svc"));
      assert.ok(!request.inputs.dnsNames.includes("text"));
    }
    const { spec } = declared.object("BackendTLSPolicy", "text");
    assert.deepEqual(
      spec.targetRefs.map(({ name }: { name: string }) => name),
      ["text-blue", "text-green"],
    );
    assert.equal(spec.validation.hostname, "text.ns.svc");
    assert.equal(await valueOf(rollout.hostName), "text.ns.svc");
  });

  describe("readiness", () => {
    const skipsAwait = (declared: Declaration, slot: string) =>
      declared.object("Service", `text-${slot}`).metadata.annotations?.["pulumi.com/skipAwait"] === "true";

    it("of whoever has a share comes before the routes: its pods, and its Service's endpoints", async () => {
      const slow = ["text-green-deployment", "text-green-service"];
      const [, step] = await routed({ traffic: STEP }, { slow });
      assert.ok(slow.every((name) => routesFollow(step, name)));
      assert.ok(!skipsAwait(step, "blue") && !skipsAwait(step, "green"));
    });

    it("of whoever has none holds up no route: the way back must not wait for what is broken", async () => {
      const [, idle] = await routed({}, { slow: ["text-green-deployment"] });
      assert.ok(!routesFollow(idle, "text-green-deployment"));
      assert.ok(routesFollow(idle, "text-green-service"));
      assert.ok(!skipsAwait(idle, "blue") && skipsAwait(idle, "green"));
    });

    it("of whoever sees copies comes before the routes too", async () => {
      const traffic = { ...initialState("blue"), mirror: 10 };
      const [, shadow] = await routed(
        { strategy: { kind: "shadow" }, traffic },
        { slow: ["text-green-deployment"] },
      );
      assert.ok(routesFollow(shadow, "text-green-deployment"));
      assert.ok(!skipsAwait(shadow, "green"));
    });
  });

  it("takes its pods from a slot that is cold, and from no other", async () => {
    const [, declared] = await routed({ traffic: { ...PROMOTED, standby: "cold" } });
    const blue = declared.object("Deployment", "text-blue");
    assert.equal(blue.spec.replicas, 0);
    // An autoscaler owned the number before.
    assert.equal(blue.metadata.annotations["pulumi.com/patchForce"], "true");
    assert.deepEqual(
      declared.kind("HorizontalPodAutoscaler").map(({ inputs }) => inputs.metadata.name),
      ["text-green"],
    );
    const green = declared.object("Deployment", "text-green");
    assert.equal(green.spec.replicas, undefined);
    assert.equal(green.metadata.annotations, undefined);
  });

  it("keeps a record that has no data of its own", () => {
    const record = declared.object("ConfigMap", "text-rollout-record");
    assert.ok(!("data" in record) && !("immutable" in record));
    assert.equal(record.metadata.labels["slipway.dev/rollout"], "text");
  });

  it("publishes what the commands need, with every default filled in", async () => {
    const slot = (color: string, version: string) => ({
      service: `text-${color}`,
      digest: IMAGE.split("@")[1],
      models: [{ name: "ocr", version, sha256: "b".repeat(64) }],
    });
    assert.deepEqual(await valueOf<PublishedRollout>(rollout.published), {
      name: "text",
      namespace: "ns",
      driver: "pulumi",
      strategy: {
        kind: "canary",
        stepWeights: [5, 10, 25, 50],
        interval: 60,
        affinity: false,
        scaleDownDelay: 600,
      },
      gates: [
        { ...JOB, timeout: 300 },
        {
          kind: "errorRate",
          name: "errors",
          maxPercent: 1,
          initialDelay: 0,
          every: 10,
          failureLimit: 0,
          inconclusiveLimit: 3,
          minimumSamples: 0,
        },
      ],
      traffic: initialState("blue"),
      slots: { blue: slot("blue", "4"), green: slot("green", "5") },
      routes: { http: ["text", "text-host"], grpc: ["text", "text-host"] },
      record: "text-rollout-record",
      recordHead: "",
    });
  });

  describe("gates that run as Jobs", () => {
    const jobs = (declared: Declaration) => declared.kind("Job").map(({ inputs }) => inputs);
    const url = (job: Declaration["resources"][0]["inputs"], name: string) =>
      job.spec.template.spec.containers[0].env.find((one: { name: string }) => one.name === name).value;

    it("are not there before anything is to be switched", () => {
      assert.deepEqual(jobs(declared), []);
    });

    for (const [what, traffic] of [
      ["has a share", STEP],
      ["went live at once", PROMOTED],
    ] as const) {
      it(`must have passed before the slot that ${what} gets anything`, async () => {
        const [, declared] = await routed({ gates: [JOB], traffic }, { slow: ["Job"] });
        const [job, ...others] = jobs(declared);
        assert.deepEqual(others, []);
        assert.equal(url(job, "SLIPWAY_CANDIDATE_URL"), "https://text-green.ns.svc:8000");
        assert.equal(url(job, "SLIPWAY_LIVE_URL"), "https://text-blue.ns.svc:8000");
        assert.ok(routesFollow(declared, "text-gate-check"));
      });
    }

    it("do not run again for the slot that went live", async () => {
      const [, step] = await routed({ gates: [JOB], traffic: STEP });
      const [, promoted] = await routed({ gates: [JOB], traffic: PROMOTED });
      assert.equal(jobs(step)[0].metadata.name, jobs(promoted)[0].metadata.name);
    });

    it("run before any share where the candidate is named, and hold up no route then", async () => {
      const traffic: TrafficState = { ...initialState("blue"), candidate: "green" };
      const [, declared] = await routed({ gates: [JOB], traffic }, { slow: ["Job"] });
      assert.equal(jobs(declared).length, 1);
      assert.ok(!routesFollow(declared, "text-gate-check"));
    });

    it("are about the next candidate once the roles have changed", async () => {
      const traffic: TrafficState = {
        ...initialState("green"),
        weights: { blue: 5, green: 95 },
        candidate: "blue",
      };
      const [, declared] = await routed({ gates: [JOB], traffic });
      assert.equal(url(jobs(declared)[0], "SLIPWAY_CANDIDATE_URL"), "https://text-blue.ns.svc:8000");
      assert.equal(url(jobs(declared)[0], "SLIPWAY_LIVE_URL"), "https://text-green.ns.svc:8000");
    });

    it("may ask both slots, and nobody else may but the gateways", async () => {
      const [, declared] = await routed({ gates: [JOB], traffic: STEP });
      for (const slot of ["blue", "green"]) {
        const [rule] = declared.object("NetworkPolicy", `text-${slot}`).spec.ingress;
        assert.deepEqual(
          rule.from.map((peer: { podSelector: { matchLabels: object } }) => peer.podSelector.matchLabels),
          [{ "app.kubernetes.io/name": "slipway-gate", "app.kubernetes.io/instance": "text" }],
        );
      }
      const [, without] = await routed({ traffic: STEP });
      assert.deepEqual(without.object("NetworkPolicy", "text-blue").spec.ingress, []);
    });
  });

  it("leaves nothing of a route without a policy: neither calls that change a server nor sign-ins", async () => {
    const auth = {
      jwt: {
        issuer: "https://login.example.com",
        audiences: ["models"],
        jwksUri: "https://login.example.com/jwks.json",
      },
      oidc: { clientId: "slipway", clientSecret: "secret" },
    };
    const strategy = { kind: "canary", affinity: true, match: { header: "x", value: "1" } } as const;
    const [, declared] = await routed({ traffic: STEP, strategy }, { auth });
    const ruleNames: string[] = declared
      .object("HTTPRoute", "text-host")
      .spec.rules.map(({ name }: { name: string }) => name);
    assert.equal(new Set(ruleNames).size, 12);
    const sections = (kind: string, name: string) =>
      declared
        .object(kind, name)
        .spec.targetRefs.map((ref: Record<string, string>) => ref.sectionName ?? ref.name);
    // Where people can sign in, each rule of that host asks for it.
    assert.deepEqual(sections("SecurityPolicy", "text-sign-in"), ruleNames);
    // And every route as a whole is guarded besides.
    for (const kind of ["http", "grpc"])
      assert.deepEqual(sections("SecurityPolicy", `text-${kind}`), ["text", "text-host"]);
    const control = ["control", "control-blue", "control-green"];
    assert.deepEqual(sections("BackendTrafficPolicy", "text-http-control"), control);
    assert.deepEqual(sections("BackendTrafficPolicy", "text-grpc-control"), [...control, ...control]);
  });

  it("lists the models of both slots", async () => {
    assert.deepEqual(
      rollout.allModels.map(({ name, version }) => `${name}/${version}`),
      ["ocr/4", "ocr/5"],
    );
    const [same] = await routed({ slots: { blue: BLUE, green: { models: [model("ocr", "4")] } } });
    assert.equal(same.allModels.length, 1);
  });
});
