import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
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
      // Its own for Alertmanager alone.
      ["gateways", "m", "s"],
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

  it("follows the exporters of GPUs, with the names of who uses them, and may reach them", async () => {
    const gpuExporters = [{ namespace: "gpu-operator" }, { namespace: "own", podLabels: { app: "dcgm" } }];
    const declared = await declare(monitoring({ gpuExporters }));
    const { spec } = declared.object("PodMonitor", "prometheus-gpus-0");
    assert.deepEqual(spec.namespaceSelector, { matchNames: ["gpu-operator"] });
    assert.deepEqual(spec.selector, { matchLabels: { app: "nvidia-dcgm-exporter" } });
    assert.deepEqual(spec.podMetricsEndpoints, [
      { port: "metrics", path: "/metrics", interval: "15s", honorLabels: true },
    ]);
    const own = declared.object("PodMonitor", "prometheus-gpus-1").spec;
    assert.deepEqual(own.selector, { matchLabels: { app: "dcgm" } });
    assert.deepEqual(
      declared
        .kind("Role")
        .map(({ inputs }) => inputs.metadata.namespace)
        .sort(),
      ["gateways", "gpu-operator", "m", "own", "s"],
    );
    const { egress } = declared.object("NetworkPolicy", "prometheus").spec;
    const gpuFlows = egress.filter(({ ports }: { ports: { port: number }[] }) =>
      ports.some(({ port }) => port === 9400),
    );
    assert.equal(gpuFlows.length, 2);
    assert.deepEqual(gpuFlows[0].to[0].podSelector, { matchLabels: { app: "nvidia-dcgm-exporter" } });
  });

  it("leaves the exporters of GPUs to a Prometheus that is there already", async () => {
    const existing = { namespace: "m" };
    const declared = await declare(monitoring({ existing, gpuExporters: [{ namespace: "gpu-operator" }] }));
    assert.deepEqual(
      declared.kind("PodMonitor").map(({ inputs }) => inputs.metadata.name),
      ["prometheus-proxies-0"],
    );
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
      ["1", "1", "1", "1", "1", "1"],
    );
    const titles = maps.flatMap(({ inputs }) =>
      Object.values(inputs.data as Record<string, string>).map(
        (text) => (JSON.parse(text) as { title: string }).title,
      ),
    );
    assert.deepEqual(titles.sort(), [
      "Slipway / Cost",
      "Slipway / Drift and quality",
      "Slipway / Fleet",
      "Slipway / GPU",
      "Slipway / Model",
      "Slipway / Rollout",
    ]);
    assert.equal((await declare(monitoring({ dashboards: false }))).kind("ConfigMap").length, 0);
  });

  it("keeps samples on volumes of a class, and leaves room on them", async () => {
    const storage = { size: "50Gi", storageClass: "encrypted" };
    const { spec } = (await declare(monitoring({ storage }))).object("Prometheus", "prometheus");
    assert.deepEqual(spec.storage.volumeClaimTemplate.spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "encrypted",
      resources: { requests: { storage: "50Gi" } },
    });
    assert.equal(spec.retentionSize, "40960MiB");
    const own = (await declare(monitoring({ storage, retentionSize: "45GiB" }))).object(
      "Prometheus",
      "prometheus",
    );
    assert.equal(own.spec.retentionSize, "45GiB");
    const none = (await declare(monitoring())).object("Prometheus", "prometheus").spec;
    assert.equal(none.storage ?? none.retentionSize, undefined);
  });

  it("runs several on nodes of their own, never drained at once", async () => {
    const declared = await declare(monitoring({ replicas: 2, externalLabels: { cluster: "eu-1" } }));
    const { spec } = declared.object("Prometheus", "prometheus");
    assert.equal(spec.replicas, 2);
    assert.deepEqual(spec.externalLabels, { cluster: "eu-1" });
    assert.deepEqual(spec.topologySpreadConstraints[0].labelSelector.matchLabels, {
      "app.kubernetes.io/name": "prometheus",
      "operator.prometheus.io/name": "prometheus",
    });
    assert.deepEqual(declared.object("PodDisruptionBudget", "prometheus").spec, {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: spec.topologySpreadConstraints[0].labelSelector.matchLabels },
    });
    assert.equal((await declare(monitoring())).kind("PodDisruptionBudget").length, 0);
  });

  it("sends samples on, with secrets by their name only, and only to where it was told", async () => {
    const remoteWrite = [
      { url: "https://mimir.example.com:9443/push", basic: { username: "u", password: "pass-of-mimir" } },
      {
        url: "http://thanos.metrics:10908/receive",
        insecure: true,
        bearerToken: "token-of-thanos",
        pods: { namespace: "metrics", podLabels: { app: "thanos" }, port: 10_908 },
      },
      { url: "https://aps.example.com/write", sigv4: { region: "eu-central-1" } },
    ];
    const declared = await declare(monitoring({ remoteWrite }));
    const [secret] = declared.kind("Secret");
    assert.ok(pulumi.runtime.isRpcSecret(secret!.inputs.data));
    const ref = (key: string) => ({ name: "prometheus-remote-write-chosen", key });
    assert.deepEqual(declared.object("Prometheus", "prometheus").spec.remoteWrite, [
      {
        url: "https://mimir.example.com:9443/push",
        basicAuth: { username: ref("0.basic.username"), password: ref("0.basic.password") },
      },
      {
        url: "http://thanos.metrics:10908/receive",
        authorization: { type: "Bearer", credentials: ref("1.bearerToken") },
      },
      { url: "https://aps.example.com/write", sigv4: { region: "eu-central-1" } },
    ]);
    const rest = JSON.stringify(declared.resources.filter((resource) => resource !== secret));
    for (const text of ["pass-of-mimir", "token-of-thanos"]) assert.ok(!rest.includes(text), text);
    const { egress } = declared.object("NetworkPolicy", "prometheus").spec;
    const ports = egress.map((rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port));
    // DNS, servers, proxies, Alertmanager, Thanos, whatever is outside, and the agent of EKS that has the credentials.
    assert.deepEqual(ports, [[53, 53], [8002], [19001], [9093], [10908], [443, 6443, 9443], [80]]);
    assert.deepEqual(egress.at(-1).to, [{ ipBlock: { cidr: "169.254.170.23/32" } }]);
  });

  describe("with a Prometheus that is there already", () => {
    const existing = { namespace: "m", podLabels: { app: "prometheus" } };
    const labels = { release: "kube-prometheus-stack" };

    it("makes what it finds by labels, and no server", async () => {
      let made!: Monitoring;
      const declared = await declare(() => {
        made = monitoring({ existing, labels })();
      });
      for (const kind of ["Prometheus", "Alertmanager", "Service", "NetworkPolicy", "Role", "ServiceAccount"])
        assert.equal(declared.kind(kind).length, 0, kind);
      const { metadata } = declared.object("PodMonitor", "prometheus-proxies-0");
      assert.deepEqual(metadata.labels, { "app.kubernetes.io/part-of": "slipway", ...labels });
      assert.equal(declared.kind("ConfigMap").length > 0, true);
      assert.deepEqual(made.scraper, {
        namespace: "m",
        podLabels: existing.podLabels,
        monitorLabels: labels,
      });
      assert.equal(made.port, 9090);
      assert.equal(made.alertmanager, undefined);
      const name = await new Promise((resolve) => void made.serviceName.apply(resolve));
      assert.equal(name, "prometheus-operated");
    });

    it("refuses what that one has itself", () =>
      declare(() =>
        assert.throws(monitoring({ existing, retention: "30d", alerting: {} }), {
          message:
            'Monitoring "prometheus": `retention`: cannot be given beside `existing`: that Prometheus is set up where it was made; ' +
            "`alerting`: cannot be given beside `existing`: that Prometheus is set up where it was made",
        }),
      ));

    it("refuses to let every pod in", () =>
      declare(() =>
        assert.throws(monitoring({ existing: { namespace: "m", podLabels: {} } }), {
          message:
            'Monitoring "prometheus": `existing.podLabels`: must name at least one label: without one every pod of the namespace would be let in',
        }),
      ));
  });

  const push = { url: "https://a.example/push" };
  const wrong: [Partial<MonitoringArgs>, string][] = [
    [
      { image: "prom:latest" },
      '`image`: "prom:latest" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
    [{ version: "latest" }, '`version`: "latest" must be a version, as in "2.42.0"'],
    [{ retention: "long" }, '`retention`: "long" must be a duration, as in "15s" or "7d"'],
    [{ readerCidrs: ["10.0.0.1"] }, '`readerCidrs[0]`: "10.0.0.1" must be an IPv4 range, as in "10.0.0.0/8"'],
    [{ nodePort: 80 }, "`nodePort`: 80 must be from 30000 to 32767"],
    [{ replicas: 0 }, "`replicas`: 0 must be a whole number from 1 to 9"],
    [{ retentionSize: "40Gi" }, '`retentionSize`: "40Gi" must be a size, as in "40GiB"'],
    [
      { storage: { size: "10Gi" }, retentionSize: "10GiB" },
      '`retentionSize`: "10GiB" must be less than `storage.size` ("10Gi"), which holds the log of the newest samples too',
    ],
    [
      { storage: { size: "10Gi", storageClass: "Fast Disks" } },
      '`storage.storageClass`: "Fast Disks" must be the name of a StorageClass',
    ],
    [{ externalLabels: { prometheus: "x" } }, "`externalLabels.prometheus`: is set by the operator itself"],
    [
      { externalLabels: { "a-b": "x" } },
      "`externalLabels.a-b`: must be a label of Prometheus: letters, digits and underscores, no digit and no two underscores first",
    ],
    [
      { remoteWrite: [{ url: "http://a.example/push" }] },
      '`remoteWrite[0].url`: "http://a.example/push" must be https, or `insecure` must be true: samples and credentials could be read on their way',
    ],
    [
      { remoteWrite: [{ ...push, bearerToken: "t", sigv4: { region: "eu-central-1" } }] },
      "`remoteWrite[0]`: bearerToken and sigv4 cannot be combined: one of them proves who writes",
    ],
    [
      { remoteWrite: [{ ...push, sigv4: { region: "europe", accessKey: "a" } }] },
      '`remoteWrite[0].sigv4.region`: "europe" must be a region of AWS, as in "eu-central-1"; `remoteWrite[0].sigv4.accessKey`: must be given with `secretKey`, and that with it',
    ],
    [
      {
        remoteWrite: [
          { ...push, name: "a" },
          { ...push, name: "a" },
        ],
      },
      '`remoteWrite[1].name`: "a" is also remoteWrite[0]',
    ],
    [
      { remoteWrite: [{ ...push, headers: { Authorization: "Bearer t" } }] },
      "`remoteWrite[0].headers.Authorization`: must be a header that neither Prometheus sets itself nor holds a secret",
    ],
    [
      { remoteWrite: [{ ...push, tls: { clientCertificate: "x" } }] },
      "`remoteWrite[0].tls.clientCertificate`: must be given with `clientKey`, and that with it; `remoteWrite[0].tls.clientCertificate`: must be certificates in PEM, and no key",
    ],
  ];
  for (const [change, message] of wrong) {
    it(`refuses ${JSON.stringify(change)}`, async () => {
      await declare(() =>
        assert.throws(monitoring(change), { message: `Monitoring "prometheus": ${message}` }),
      );
    });
  }
});
