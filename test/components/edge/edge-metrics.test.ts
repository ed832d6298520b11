import assert from "node:assert";
import { type EdgeMetrics } from "../../../components";
import { agentConfig, bufferSize } from "../../../components/internal/edge-metrics";
import { METRICS, declared, secretOf } from "./support/site";

describe("metrics of an EdgeSite", () => {
  it("are sent by an agent that asks no API server and takes no calls", async () => {
    const declaration = await declared({ metrics: METRICS });
    const { spec } = declaration.object("Deployment", "store-agent").spec.template;
    assert.strictEqual(spec.automountServiceAccountToken, false);
    const [prometheus] = spec.containers;
    assert.deepStrictEqual(prometheus.args, [
      "--agent",
      "--config.file=/etc/prometheus/prometheus.yml",
      "--storage.agent.path=/prometheus",
      "--storage.agent.retention.max-time=72h",
      "--storage.agent.no-lockfile",
      "--web.listen-address=:9090",
    ]);
    assert.strictEqual(prometheus.securityContext.readOnlyRootFilesystem, true);
    const { spec: flows } = declaration.object("NetworkPolicy", "store-agent");
    assert.deepStrictEqual(flows.ingress, []);
    const ports = flows.egress.flatMap((rule: { ports: { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    assert.deepStrictEqual(ports, [53, 53, 443, 8002]);
    const [, scrape] = [null, declaration.object("NetworkPolicy", "store").spec.ingress[0]];
    assert.deepStrictEqual(scrape.from[0].podSelector.matchLabels["app.kubernetes.io/name"], "slipway-agent");
  });

  it("go over TLS with credentials that stand in a Secret and nowhere else", async () => {
    const declaration = await declared({ metrics: { ...METRICS, caCertificate: "CA" } });
    const config = declaration.resources.find(({ name }) => name === "store-agent-config")!.inputs.data[
      "prometheus.yml"
    ];
    assert.ok(!config.includes("hunter2"));
    assert.deepStrictEqual(JSON.parse(config).remote_write[0], {
      url: METRICS.url,
      remote_timeout: "30s",
      tls_config: { min_version: "TLS12", ca_file: "/etc/prometheus-credentials/ca.crt" },
      basic_auth: { username: "store", password_file: "/etc/prometheus-credentials/password" },
      queue_config: { max_shards: 4, capacity: 5000, max_samples_per_send: 1000, max_backoff: "30s" },
    });
    assert.deepStrictEqual(secretOf(declaration, "store-agent-credentials"), {
      password: "hunter2",
      "ca.crt": "CA",
    });
  });

  it("name their site and are bounded in number", () => {
    const resolved = {
      ...METRICS,
      majorVersion: 3,
      bufferHours: 72,
      scrapeInterval: 30,
      maxSeries: 2000,
    } as const;
    const config = JSON.parse(
      agentConfig(resolved, { site: "store", namespace: "edge", username: undefined }),
    );
    assert.deepStrictEqual(config.global, { scrape_interval: "30s", external_labels: { site: "store" } });
    const [scrape] = config.scrape_configs;
    assert.deepStrictEqual(
      [scrape.sample_limit, scrape.static_configs[0].targets],
      [2000, ["store.edge.svc:8002"]],
    );
  });

  it("have a volume for the hours that the uplink may be away", async () => {
    const sized = (metrics: Partial<EdgeMetrics>) =>
      bufferSize({
        ...METRICS,
        majorVersion: 3,
        bufferHours: 72,
        scrapeInterval: 30,
        maxSeries: 2000,
        ...metrics,
      });
    // 8640 scrapes of 2000 samples of 16 bytes, twice, and 256 MiB.
    assert.strictEqual(sized({}), `${256 + Math.ceil((8640 * 2000 * 16 * 2) / 2 ** 20)}Mi`);
    const declaration = await declared({ metrics: { ...METRICS, bufferHours: 24, majorVersion: 2 } });
    const claim = declaration.object("PersistentVolumeClaim", "store-agent");
    assert.strictEqual(claim.spec.resources.requests.storage, sized({ bufferHours: 24 }));
    const [{ args }] = declaration.object("Deployment", "store-agent").spec.template.spec.containers;
    assert.deepStrictEqual(
      [args[0], args[3]],
      ["--enable-feature=agent", "--storage.agent.retention.max-time=24h"],
    );
  });

  it("are kept at the site where there is no receiver", async () => {
    const declaration = await declared();
    assert.deepStrictEqual(
      declaration.kind("Deployment").map(({ name }) => name),
      ["store-deployment"],
    );
  });
});
