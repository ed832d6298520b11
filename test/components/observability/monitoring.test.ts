import assert from "node:assert";
import { Monitoring, type MonitoringArgs } from "../../../components";
import { declare } from "../support/declared";
import { DIGEST } from "../support/examples";

const PROXIES = [{ namespace: "gateways", podLabels: { app: "envoy" } }];

function monitoring(change: Partial<MonitoringArgs> = {}): () => Monitoring {
  return () =>
    new Monitoring("prometheus", { namespace: "m", servicesNamespace: "s", proxies: PROXIES, ...change });
}

describe("Monitoring", () => {
  it("may look for targets where it watches, and nowhere else", async () => {
    const declared = await declare(monitoring());
    assert.deepEqual(
      declared
        .kind("Role")
        .map(({ inputs }) => inputs.metadata.namespace)
        .sort(),
      ["gateways", "s"],
    );
    assert.equal(declared.kind("ClusterRole").length, 0);
    for (const { inputs } of declared.kind("Role")) {
      for (const rule of inputs.rules) assert.deepEqual(rule.verbs, ["get", "list", "watch"]);
    }
  });

  it("follows monitors of the platform only", async () => {
    const { spec } = (await declare(monitoring())).object("Prometheus", "prometheus");
    assert.deepEqual(spec.serviceMonitorSelector, {
      matchLabels: { "app.kubernetes.io/part-of": "slipway" },
    });
    assert.deepEqual(spec.serviceMonitorNamespaceSelector.matchExpressions[0].values, ["s", "m"]);
    assert.deepEqual(spec.arbitraryFSAccessThroughSMs, { deny: true });
    assert.equal(spec.securityContext.runAsNonRoot, true);
  });

  it("names images only where they are given", async () => {
    const none = (await declare(monitoring())).object("Prometheus", "prometheus").spec;
    assert.equal(none.image ?? none.version ?? none.containers, undefined);
    const image = `r.example/p@${DIGEST}`;
    const given = await declare(monitoring({ image, version: "3.13.0", configReloaderImage: image }));
    const { spec } = given.object("Prometheus", "prometheus");
    assert.equal(spec.image, image);
    assert.deepEqual(spec.containers, [{ name: "config-reloader", image }]);
    assert.deepEqual(spec.initContainers, [{ name: "init-config-reloader", image }]);
  });

  it("is reached inside the cluster unless a node port is asked for", async () => {
    assert.equal((await declare(monitoring())).object("Service", "prometheus").spec.type, "ClusterIP");
    const outside = await declare(monitoring({ nodePort: 30909, readerCidrs: ["10.0.0.0/8"] }));
    assert.equal(outside.object("Service", "prometheus").spec.ports[0].nodePort, 30909);
    assert.deepEqual(outside.object("NetworkPolicy", "prometheus").spec.ingress, [
      { from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ protocol: "TCP", port: 9090 }] },
    ]);
  });

  it("brings dashboards for the sidecar of Grafana's chart, unless they are not wanted", async () => {
    const maps = (await declare(monitoring())).kind("ConfigMap");
    assert.deepEqual(
      maps.map(({ inputs }) => inputs.metadata.labels.grafana_dashboard),
      ["1", "1", "1"],
    );
    const titles = maps.flatMap(({ inputs }) =>
      Object.values(inputs.data as Record<string, string>).map(
        (text) => (JSON.parse(text) as { title: string }).title,
      ),
    );
    assert.deepEqual(titles.sort(), ["Slipway / Fleet", "Slipway / Model", "Slipway / Rollout"]);
    assert.equal((await declare(monitoring({ dashboards: false }))).kind("ConfigMap").length, 0);
  });

  const wrong: [Partial<MonitoringArgs>, string][] = [
    [
      { image: "prom:latest" },
      '`image`: "prom:latest" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
    [{ version: "latest" }, '`version`: "latest" must be a version, as in "2.42.0"'],
    [{ retention: "long" }, '`retention`: "long" must be a duration, as in "15s" or "7d"'],
    [{ readerCidrs: ["10.0.0.1"] }, '`readerCidrs[0]`: "10.0.0.1" must be an IPv4 range, as in "10.0.0.0/8"'],
    [{ nodePort: 80 }, "`nodePort`: 80 must be from 30000 to 32767"],
  ];
  for (const [change, message] of wrong) {
    it(`refuses ${JSON.stringify(change)}`, async () => {
      await declare(() =>
        assert.throws(monitoring(change), { message: `Monitoring "prometheus": ${message}` }),
      );
    });
  }
});
