import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority, TelemetryCollector, type TelemetryCollectorArgs } from "../../../components";
import { resolveCollector } from "../../../components/observability/telemetry-checks";
import type { GivenCollector } from "../../../components/observability/telemetry-settings";
import { declare } from "../support/declared";
import { DIGEST } from "../support/examples";

const IMAGE = `registry.example.com/otel@${DIGEST}`;
const TEMPO = { kind: "otlp", endpoint: "http://tempo.tracing.svc:4317" } as const;

function collector(change: Partial<TelemetryCollectorArgs> = {}): () => TelemetryCollector {
  return () =>
    new TelemetryCollector("telemetry", {
      namespace: "models",
      authority: new CertificateAuthority("authority"),
      image: IMAGE,
      exporters: [TEMPO],
      senders: [{ namespace: "gateways", podLabels: { app: "envoy" } }],
      ...change,
    });
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- read field by field
type Config = any;

async function configOf(change: Partial<TelemetryCollectorArgs>): Promise<Config> {
  const maps = (await declare(collector(change))).kind("ConfigMap");
  const { inputs } = maps.find(({ name }) => name === "telemetry-config")!;
  return JSON.parse(inputs.data["collector.yaml"] as string);
}

describe("TelemetryCollector", () => {
  it("takes OTLP over TLS alone, limits its memory first and batches last", async () => {
    const { receivers, processors, service } = await configOf({});
    for (const protocol of ["grpc", "http"]) {
      assert.deepEqual(receivers.otlp.protocols[protocol].tls, {
        cert_file: "/etc/otelcol/tls/tls.crt",
        key_file: "/etc/otelcol/tls/tls.key",
        min_version: "1.2",
      });
    }
    assert.deepEqual(Object.keys(service.pipelines), ["traces"]);
    const { processors: order, exporters } = service.pipelines.traces;
    assert.deepEqual([order[0], order.at(-1), exporters], ["memory_limiter", "batch", ["otlp_grpc/0"]]);
    // Of 512 MiB.
    assert.deepEqual(processors.memory_limiter, {
      check_interval: "1s",
      limit_mib: 409,
      spike_limit_mib: 102,
    });
  });

  it("sends each signal where it is asked for", async () => {
    const { service, exporters } = await configOf({
      exporters: [
        TEMPO,
        { kind: "otlphttp", endpoint: "https://loki.example.com/otlp", signals: ["logs"] },
        {
          kind: "elasticsearch",
          endpoint: "https://es.example.com:9200",
          apiKey: "k",
          signals: ["traces", "logs"],
        },
        { kind: "debug" },
      ],
    });
    assert.deepEqual(service.pipelines.traces.exporters, ["otlp_grpc/0", "elasticsearch/2", "debug/3"]);
    assert.deepEqual(service.pipelines.logs.exporters, ["otlp_http/1", "elasticsearch/2", "debug/3"]);
    assert.deepEqual(exporters["otlp_grpc/0"].tls, { insecure: true });
    assert.deepEqual(exporters["elasticsearch/2"], {
      endpoints: ["https://es.example.com:9200"],
      api_key: "${file:/etc/otelcol/secrets/exporter-2-0}",
      mapping: { mode: "otel" },
      tls: { min_version: "1.2" },
    });
  });

  it("keeps what is secret in a Secret, and out of its configuration", async () => {
    const authorization = pulumi.secret("Bearer s3cret");
    const exporter = {
      kind: "otlphttp",
      endpoint: "https://apm.example.com",
      headers: { authorization },
    } as const;
    const declared = await declare(collector({ exporters: [exporter] }));
    const [secret] = declared.kind("Secret").filter(({ name }) => name === "telemetry-exporters");
    const { value } = secret!.inputs.data as { value: Record<string, string> };
    assert.deepEqual(value, {
      "exporter-0-0": Buffer.from("Bearer s3cret").toString("base64"),
    });
    const config = declared.kind("ConfigMap").find(({ name }) => name === "telemetry-config")!.inputs;
    assert.ok(!JSON.stringify(config).includes("s3cret"));
    const { exporters } = JSON.parse(config.data["collector.yaml"] as string) as Config;
    assert.deepEqual(exporters["otlp_http/0"].headers, {
      authorization: "${file:/etc/otelcol/secrets/exporter-0-0}",
    });
    const { volumes } = declared.object("Deployment", "telemetry").spec.template.spec;
    const volume = volumes.find(({ name }: { name: string }) => name === "secrets");
    assert.deepEqual(volume.secret, { secretName: "telemetry-exporters-chosen", defaultMode: 0o440 });
  });

  it("trusts the authority that an exporter names", async () => {
    const exporter = { kind: "otlp", endpoint: "https://t.example.com:4317", caCertificate: "PEM" } as const;
    const declared = await declare(collector({ exporters: [TEMPO, exporter] }));
    const config = await configOf({ exporters: [TEMPO, exporter] });
    assert.equal(config.exporters["otlp_grpc/1"].tls.ca_file, "/etc/otelcol/authorities/exporter-1.crt");
    const map = declared.kind("ConfigMap").find(({ name }) => name === "telemetry-authorities")!;
    assert.deepEqual(map.inputs.data, { "exporter-1.crt": "PEM" });
  });

  it("runs restricted, without a token, and says how it is", async () => {
    const { spec } = (await declare(collector())).object("Deployment", "telemetry").spec.template;
    assert.equal(spec.automountServiceAccountToken, false);
    assert.deepEqual([spec.securityContext.runAsNonRoot, spec.securityContext.runAsUser], [true, 10001]);
    const [container] = spec.containers;
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(container.readinessProbe.httpGet, { path: "/", port: "health", scheme: "HTTP" });
    assert.deepEqual(container.env, [{ name: "GOMEMLIMIT", value: String(Math.floor(512 * 2 ** 20 * 0.8)) }]);
  });

  it("lets in its senders and scrapers, and out to its exporters", async () => {
    const declared = await declare(
      collector({
        exporters: [
          TEMPO,
          { kind: "otlp", endpoint: "https://203.0.113.7:4317" },
          { kind: "otlphttp", endpoint: "https://apm.example.com" },
          { kind: "otlphttp", endpoint: "https://b.example.com:8443", cidrs: ["198.51.100.0/24"] },
          { kind: "debug" },
        ],
        scrapers: [{ namespace: "m", podLabels: { app: "prometheus" }, monitorLabels: { release: "r" } }],
      }),
    );
    const { ingress, egress } = declared.object("NetworkPolicy", "telemetry").spec;
    const ports = (rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port);
    assert.deepEqual(ingress.map(ports), [[4317, 4318], [8002]]);
    assert.deepEqual(ingress[0].from[0].podSelector.matchLabels, { app: "envoy" });
    assert.deepEqual(
      egress
        .slice(1)
        .map((rule: { to: object[]; ports: { port: number }[] }) => [rule.to[0], ...ports(rule)]),
      [
        [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "tracing" } } }, 4317],
        [{ ipBlock: { cidr: "203.0.113.7/32" } }, 4317],
        [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }, 443],
        [{ ipBlock: { cidr: "198.51.100.0/24" } }, 8443],
      ],
    );
    const monitor = declared.object("ServiceMonitor", "telemetry");
    assert.equal(monitor.metadata.labels.release, "r");
    assert.equal(monitor.spec.endpoints[0].port, "metrics");
  });

  it("lets nobody in whom nobody named", async () => {
    const declared = await declare(collector({ senders: [] }));
    assert.deepEqual(declared.object("NetworkPolicy", "telemetry").spec.ingress, []);
    assert.equal(declared.kind("ServiceMonitor").length, 0);
  });

  it("keeps whole traces by share, or judges them by their end", async () => {
    const share = await configOf({ sampling: { kind: "share", percent: 5 } });
    assert.deepEqual(share.processors.probabilistic_sampler, { sampling_percentage: 5 });
    assert.ok(share.service.pipelines.traces.processors.includes("probabilistic_sampler"));
    const tail = await configOf({ sampling: { kind: "tail", percent: 5, slowSeconds: 0.25 } });
    const { decision_wait: wait, policies } = tail.processors.tail_sampling;
    assert.equal(wait, "10s");
    assert.deepEqual(
      policies.map(({ name }: { name: string }) => name),
      ["errors", "slow", "share"],
    );
    assert.equal(policies[1].latency.threshold_ms, 250);
  });

  it("may lose one pod of several at a time", async () => {
    assert.equal((await declare(collector())).kind("PodDisruptionBudget").length, 0);
    const { spec } = (await declare(collector({ replicas: 2 }))).object("PodDisruptionBudget", "telemetry");
    assert.equal(spec.maxUnavailable, 1);
  });

  const bad: [string, Partial<GivenCollector>, string][] = [
    [
      "an image that may change",
      { image: "otel/opentelemetry-collector-contrib:0.160.0" },
      '`image`: "otel/opentelemetry-collector-contrib:0.160.0" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
    ["nowhere to send to", { exporters: [] }, "`exporters`: must name at least one place to send to"],
    [
      "no address",
      { exporters: [{ kind: "otlp", endpoint: "tempo:4317" }] },
      '`exporters[0].endpoint`: "tempo:4317" must be a URL without credentials and query, as in "https://otlp.example.com:4318"',
    ],
    [
      "credentials in an address",
      { exporters: [{ kind: "otlphttp", endpoint: "https://u:p@a.example.com" }] },
      '`exporters[0].endpoint`: "https://u:p@a.example.com" must be a URL without credentials and query, as in "https://otlp.example.com:4318"',
    ],
    [
      "plain text out of the cluster",
      { exporters: [{ kind: "otlp", endpoint: "http://tempo.example.com:4317" }] },
      '`exporters[0].endpoint`: "http://tempo.example.com:4317" leaves the cluster without encryption: give an address with https://, or set `insecure` if that is meant',
    ],
    [
      "the path of a signal",
      { exporters: [{ kind: "otlphttp", endpoint: "https://a.example.com/v1/traces" }] },
      '`exporters[0].endpoint`: "https://a.example.com/v1/traces" must be without the path of a signal: leave `/v1/…` out',
    ],
    [
      "a path over gRPC",
      { exporters: [{ kind: "otlp", endpoint: "https://a.example.com:4317/otlp" }] },
      '`exporters[0].endpoint`: "https://a.example.com:4317/otlp" must be without a path: OTLP over gRPC has none; `kind` "otlphttp" takes one',
    ],
    [
      "another kind",
      { exporters: [{ kind: "zipkin" } as never] },
      '`exporters[0].kind`: "zipkin" must be one of otlp, otlphttp, elasticsearch, debug',
    ],
    [
      "another signal",
      { exporters: [{ ...TEMPO, signals: ["metrics" as never] }] },
      '`exporters[0].signals[0]`: "metrics" must be one of traces, logs',
    ],
    [
      "a range that is none",
      { exporters: [{ ...TEMPO, cidrs: ["10.0.0.1"] }] },
      '`exporters[0].cidrs[0]`: "10.0.0.1" must be an IPv4 range, as in "10.0.0.0/8"',
    ],
    [
      "a header that is none",
      { exporters: [{ ...TEMPO, headers: { "x y": "1" } }] },
      '`exporters[0].headers`: "x y" must be the name of a header',
    ],
    [
      "a share above a hundred",
      { sampling: { kind: "share", percent: 101 } },
      "`sampling.percent`: 101 must be a number from 0 to 100",
    ],
    [
      "a judgement by two pods",
      { replicas: 2, sampling: { kind: "tail", percent: 1, slowSeconds: 1 } },
      '`replicas`: 2 must be 1 with `sampling.kind` "tail": one pod has to see every span of a trace',
    ],
    [
      "too little memory",
      { memoryLimit: "32Mi", memoryRequest: "16Mi" },
      '`memoryLimit`: "32Mi" must be at least "64Mi"',
    ],
  ];
  for (const [what, change, problem] of bad) {
    it(`refuses ${what}`, () =>
      assert.throws(() => resolveCollector("telemetry", { image: IMAGE, exporters: [TEMPO], ...change }), {
        message: `TelemetryCollector "telemetry": ${problem}`,
      }));
  }

  it("takes plain text out of the cluster where somebody says so", () =>
    assert.doesNotThrow(() =>
      resolveCollector("telemetry", {
        image: IMAGE,
        exporters: [{ kind: "otlp", endpoint: "http://192.168.1.2:4317", insecure: true }],
      }),
    ));
});
