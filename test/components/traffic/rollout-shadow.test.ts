import assert from "node:assert";
import { initialState } from "../../../rollout/traffic-state";
import { comparatorOf } from "../../../rollout/gates/queries";
import { flowAllowed } from "../../../toolchain/cluster/network-policy/simulator";
import type { PolicyState } from "../../../toolchain/cluster/network-policy/objects";
import type { Declaration } from "../support/declared";
import { IMAGE } from "../support/examples";
import { routed, valueOf } from "./support/rollout";

const PROMETHEUS = { app: "prometheus" };
const SHADOW = {
  kind: "shadow",
  percent: 50,
  samplePercent: 20,
  compare: { others: { absolute: 0.1 } },
} as const;
const shadowed = {
  strategy: SHADOW,
  scrapers: [{ namespace: "monitoring", podLabels: PROMETHEUS }],
  imagePullSecrets: ["pull"],
};
const MIRRORING = { ...initialState("blue"), mirror: 50 };

const deploymentsOf = (declared: Declaration) =>
  declared
    .kind("Deployment")
    .map(({ inputs }) => inputs.metadata.name as string)
    .sort();
/** The environment of a slot's pods. */
const environmentOf = (declared: Declaration, slot: string) => {
  const { envFrom } = declared.object("Deployment", `text-${slot}`).spec.template.spec.containers[0];
  return declared.object("ConfigMap", envFrom[0].configMapRef.name).data as Record<string, string>;
};

describe("Rollout with strategy shadow", () => {
  let declared: Declaration;
  before(async () => {
    [, declared] = await routed({ ...shadowed, traffic: MIRRORING });
  });

  it("has a comparator beside its slots, with the rules and the live slot of the rollout", () => {
    assert.deepEqual(deploymentsOf(declared), ["text-blue", "text-comparator", "text-green"]);
    const { metadata, spec } = declared.object("Deployment", "text-comparator");
    assert.equal(metadata.labels["slipway.dev/rollout"], "text");
    assert.ok(!("slipway.dev/slot" in metadata.labels));
    const { containers, volumes, imagePullSecrets } = spec.template.spec;
    assert.equal(containers[0].image, IMAGE);
    assert.equal(containers[0].args[containers[0].args.indexOf("--live") + 1], "blue");
    assert.deepEqual(imagePullSecrets, [{ name: "pull" }]);
    const { configMap } = volumes.find(({ name }: { name: string }) => name === "rules");
    const rules = declared.object("ConfigMap", configMap.name).data["rules.json"] as string;
    assert.deepEqual(JSON.parse(rules), SHADOW.compare);
  });

  it("makes both slots send their share to it", () => {
    for (const slot of ["blue", "green"]) {
      const environment = environmentOf(declared, slot);
      assert.equal(environment["SLIPWAY_SHADOW_URL"], "https://text-comparator:8000");
      assert.equal(environment["SLIPWAY_SHADOW_SLOT"], slot);
      assert.equal(environment["SLIPWAY_SHADOW_SAMPLE_PERCENT"], "20");
      const { containers, volumes } = declared.object("Deployment", `text-${slot}`).spec.template.spec;
      const volume = volumes.find(({ name }: { name: string }) => name === "shadow");
      assert.ok(!("mountPath" in volume));
      const authority = volume.projected.sources[1].configMap.name as string;
      assert.ok(declared.object("ConfigMap", authority).data["ca.crt"]);
      const mount = containers[0].volumeMounts.find(({ name }: { name: string }) => name === "shadow");
      assert.deepEqual([mount.mountPath, mount.readOnly], ["/etc/slipway/shadow", true]);
    }
  });

  it("opens the flows from the slots and from Prometheus to it, and no others", () => {
    const pods = { blue: "text-blue", green: "text-green", comparator: "text-comparator" };
    const labels = (name: string) =>
      declared.object("Deployment", name).spec.template.metadata.labels as Record<string, string>;
    const all: [string, string, Record<string, string>][] = [
      ...Object.entries(pods).map(([name, deployment]): [string, string, Record<string, string>] => [
        "ns",
        name,
        labels(deployment),
      ]),
      ["ns", "other", { "app.kubernetes.io/name": "slipway-server", "slipway.dev/rollout": "voice" }],
      ["monitoring", "prometheus", PROMETHEUS],
    ];
    const state = {
      policies: declared.kind("NetworkPolicy").map(({ inputs }) => inputs),
      namespaces: ["ns", "monitoring"].map((name) => ({
        metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      })),
      pods: all.map(([namespace, name, own], i) => ({
        metadata: { namespace, name, labels: own },
        status: { podIP: `10.244.0.${i + 10}` },
      })),
    } as unknown as PolicyState;
    const flows: [string, string, number, boolean][] = [
      ["ns/blue", "ns/comparator", 8000, true],
      ["ns/green", "ns/comparator", 8000, true],
      ["monitoring/prometheus", "ns/comparator", 8002, true],
      ["monitoring/prometheus", "ns/comparator", 8000, false],
      ["ns/blue", "ns/comparator", 8002, false],
      ["ns/other", "ns/comparator", 8000, false],
      ["ns/comparator", "ns/blue", 8000, false],
      ["ns/blue", "ns/green", 8000, false],
    ];
    for (const [from, to, port, allowed] of flows)
      assert.equal(flowAllowed(state, { from, to, port }), allowed, `${from} to ${to}:${port}`);
  });

  it("leaves slots and routes to themselves: neither waits for the comparator", async () => {
    const slow = ["text-comparator-deployment", "text-comparator-service"];
    const [, late] = await routed({ ...shadowed, traffic: MIRRORING }, { slow });
    const order = late.resources.map(({ name }) => name);
    const at = (name: string) => order.indexOf(name);
    for (const name of ["text-blue-deployment", "text-green-deployment", "text-http-shared"])
      assert.ok(at(name) >= 0 && at(name) < at("text-comparator-deployment"), name);
  });

  it("changes nothing of the slots' pods when copying begins or ends", async () => {
    const [, idle] = await routed(shadowed);
    for (const slot of ["blue", "green"])
      assert.deepEqual(environmentOf(idle, slot), environmentOf(declared, slot));
    assert.deepEqual(deploymentsOf(idle), deploymentsOf(declared));
  });

  it("is known to Prometheus by the name that gates ask for", () => {
    const { metadata } = declared.object("Service", "text-comparator");
    assert.equal(comparatorOf({ slot: "green", service: "text-green" }), metadata.name);
    assert.equal(
      declared.object("ServiceMonitor", "text-comparator").metadata.labels["app.kubernetes.io/part-of"],
      "slipway",
    );
  });

  it("has no comparator with another strategy, and slots know nothing of one", async () => {
    const [rollout, other] = await routed({ ...shadowed, strategy: { kind: "canary" } });
    assert.deepEqual(deploymentsOf(other), ["text-blue", "text-green"]);
    const variables = Object.keys(environmentOf(other, "blue"));
    assert.deepEqual(
      variables.filter((name) => name.includes("SHADOW")),
      [],
    );
    assert.equal((await valueOf(rollout.published)).strategy.kind, "canary");
  });
});
