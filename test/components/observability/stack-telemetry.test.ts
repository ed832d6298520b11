import assert from "node:assert";
import { ServingStack, type ServingStackArgs, type StackTelemetry } from "../../../components";
import { declare, type Declaration } from "../support/declared";
import { DIGEST, model, stackArgs } from "../support/examples";

const COLLECTOR = {
  image: `registry.example.com/otel@${DIGEST}`,
  exporters: [{ kind: "otlp", endpoint: "http://tempo.tracing.svc:4317" }],
} as const;

function stack(telemetry?: StackTelemetry, change: Partial<ServingStackArgs> = {}): Promise<Declaration> {
  return declare(() => new ServingStack("slipway", { ...stackArgs(), telemetry, ...change }));
}

function optionsOf(declared: Declaration, service: string): Record<string, string> {
  const map = declared.kind("ConfigMap").find(({ name }) => name === `${service}-options`)!;
  return map.inputs.data as Record<string, string>;
}

describe("telemetry of a stack", () => {
  let none: Declaration;
  let collected: Declaration;
  before(async () => {
    none = await stack();
    collected = await stack({ collector: COLLECTOR, samplePercent: 0.5 });
  });

  it("is none unless asked for: no collector, no span, and an access log", () => {
    const declared = none;
    assert.deepEqual(
      declared.resources.filter(({ name }) => name.startsWith("telemetry")),
      [],
    );
    const { telemetry } = declared.object("EnvoyProxy", "slipway").spec;
    assert.equal(telemetry.tracing, undefined);
    const [setting] = telemetry.accessLog.settings;
    assert.deepEqual(setting.sinks, [{ type: "File", file: { path: "/dev/stdout" } }]);
    assert.equal(setting.format.json.requestId, "%REQ(X-REQUEST-ID)%");
    assert.equal(setting.format.json.trace_id, undefined);
    assert.equal(optionsOf(declared, "text").SLIPWAY_OTLP_ENDPOINT, undefined);
  });

  it("writes neither queries nor credentials into the access log", async () => {
    const { json } = none.object("EnvoyProxy", "slipway").spec.telemetry.accessLog.settings[0].format;
    const operators = Object.values(json as Record<string, string>).join(" ");
    assert.match(operators, /%REQ_WITHOUT_QUERY\(/);
    assert.doesNotMatch(operators, /AUTHORIZATION|COOKIE|API-KEY|USER-AGENT|%REQ\(:?PATH/i);
  });

  it("leads from the gateway and from every server to a collector of its own, over TLS", async () => {
    const declared = collected;
    const { tracing, accessLog } = declared.object("EnvoyProxy", "slipway").spec.telemetry;
    assert.deepEqual(tracing.samplingFraction, { numerator: 5000, denominator: 1_000_000 });
    assert.deepEqual(tracing.provider, {
      type: "OpenTelemetry",
      backendRefs: [{ group: "", kind: "Service", name: "telemetry", port: 4317 }],
    });
    assert.equal(accessLog.settings[0].format.json.trace_id, "%TRACE_ID%");
    const tls = declared.object("BackendTLSPolicy", "slipway-tracing").spec;
    assert.deepEqual(tls.targetRefs, [
      { group: "", kind: "Service", name: "telemetry", sectionName: "otlp-grpc" },
    ]);
    assert.equal(tls.validation.hostname, "telemetry.slipway.svc");
    for (const service of ["text", "voice"]) {
      const {
        SLIPWAY_OTLP_ENDPOINT,
        SLIPWAY_TRACE_SAMPLE_RATIO,
        OTEL_SERVICE_NAME,
        OTEL_EXPORTER_OTLP_CERTIFICATE,
      } = optionsOf(declared, service);
      assert.deepEqual(
        [
          SLIPWAY_OTLP_ENDPOINT,
          SLIPWAY_TRACE_SAMPLE_RATIO,
          OTEL_SERVICE_NAME,
          OTEL_EXPORTER_OTLP_CERTIFICATE,
        ],
        ["https://telemetry:4318", "0.005", service, "/etc/slipway/telemetry/ca.crt"],
      );
      const { spec } = declared.object("Deployment", service).spec.template;
      const volume = spec.volumes.find(({ name }: { name: string }) => name === "telemetry");
      assert.equal(volume.configMap.name, "telemetry-authority");
      const { egress } = declared.object("NetworkPolicy", service).spec;
      assert.deepEqual(egress.at(-1).ports, [{ protocol: "TCP", port: 4318 }]);
      assert.equal(egress.at(-1).to[0].podSelector.matchLabels["app.kubernetes.io/instance"], "telemetry");
    }
    const { dnsNames } = declared.resources.find(({ name }) => name === "telemetry-tls-request")!.inputs;
    assert.deepEqual(dnsNames, ["telemetry.slipway.svc", "telemetry.slipway.svc.cluster.local", "telemetry"]);
  });

  it("lets the proxies, the servers and Prometheus in, nobody else", async () => {
    const { ingress } = collected.object("NetworkPolicy", "telemetry").spec;
    const who = ingress.map(({ from }: { from: { podSelector: { matchLabels: object } }[] }) =>
      from.map(({ podSelector }) => Object.keys(podSelector.matchLabels).sort()[0]),
    );
    assert.deepEqual(who, [
      ["gateway.envoyproxy.io/owning-gateway-name", "app.kubernetes.io/name"],
      ["app.kubernetes.io/name"],
    ]);
  });

  it("reaches the slots of a rollout", async () => {
    const rollout = { strategy: { kind: "blueGreen" }, slots: { blue: { models: [model("m")] } } } as const;
    const declared = await stack({ collector: COLLECTOR }, { services: [{ name: "text", rollout }] });
    assert.equal(optionsOf(declared, "text-blue").OTEL_SERVICE_NAME, "text-blue");
  });

  it("sends to a receiver that is there already, from the servers alone", async () => {
    const declared = await stack({ endpoint: "https://otlp.example.com:4318" });
    assert.equal(optionsOf(declared, "text").SLIPWAY_OTLP_ENDPOINT, "https://otlp.example.com:4318");
    assert.equal(declared.object("EnvoyProxy", "slipway").spec.telemetry.tracing, undefined);
    assert.deepEqual(declared.object("NetworkPolicy", "text").spec.egress.at(-1), {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
      ports: [{ protocol: "TCP", port: 4318 }],
    });
  });

  const bad: [string, StackTelemetry, string][] = [
    [
      "an address that leaves the cluster in plain text",
      { endpoint: "http://otlp.example.com:4318" },
      '`telemetry.endpoint`: "http://otlp.example.com:4318" leaves the cluster without encryption: give an address with https://, or set `insecure` if that is meant',
    ],
    [
      "a share that is none",
      { collector: COLLECTOR, samplePercent: -1 },
      "`telemetry.samplePercent`: -1 must be a number from 0 to 100",
    ],
    [
      "what a collector refuses",
      { collector: { ...COLLECTOR, exporters: [] } },
      "`telemetry.collector.exporters`: must name at least one place to send to",
    ],
    [
      "both ways at once",
      { collector: COLLECTOR, endpoint: "https://x.example.com" } as never,
      "`telemetry`: must have either `collector` or `endpoint`: a collector sends on to what its `exporters` name",
    ],
  ];
  for (const [what, telemetry, problem] of bad) {
    it(`refuses ${what}, and makes nothing`, () =>
      assert.throws(() => new ServingStack("slipway", { ...stackArgs(), telemetry }), {
        message: `ServingStack "slipway": ${problem}`,
      }));
  }
});
