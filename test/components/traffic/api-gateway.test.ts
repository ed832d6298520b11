import assert from "node:assert";
import { ApiGateway, CertificateAuthority, TokenAuthority, type ApiGatewayArgs } from "../../../components";
import { resolveGateway, type GatewaySettings } from "../../../components/traffic/gateway-settings";
import { declare } from "../support/declared";

function gateway(change: Partial<ApiGatewayArgs> = {}): () => ApiGateway {
  return () =>
    new ApiGateway("front", {
      namespace: "ns",
      authority: new CertificateAuthority("authority"),
      tokens: new TokenAuthority("tokens", { issuer: "https://issuer.example" }),
      ...change,
    });
}

const COLLECTOR = { serviceName: "otel", grpcPort: 4317, hostName: "otel.m.svc", authorityConfigMap: "ca" };

describe("ApiGateway", () => {
  it("listens with TLS and nothing else, 1.2 at least", async () => {
    const declared = await declare(gateway());
    const { listeners } = declared.object("Gateway", "front").spec;
    assert.equal(listeners.length, 1);
    assert.equal(listeners[0].protocol, "HTTPS");
    assert.equal(listeners[0].tls.mode, "Terminate");
    assert.equal(declared.object("ClientTrafficPolicy", "front").spec.tls.minVersion, "1.2");
  });

  it("has a certificate for its host, the services' hosts and, locally, the loopback addresses", async () => {
    const request = async (host?: string) => {
      const declared = await declare(gateway(host === undefined ? {} : { host }));
      return declared.resources.find((resource) => resource.type === "tls:index/certRequest:CertRequest")!
        .inputs;
    };
    const local = await request();
    assert.deepEqual(local.dnsNames, ["localhost", "*.localhost"]);
    assert.deepEqual(local.ipAddresses, ["127.0.0.1", "::1"]);
    const named = await declare(gateway({ serviceNames: ["text"] }));
    const { dnsNames } = named.resources.find((resource) => resource.inputs.dnsNames)!.inputs;
    assert.deepEqual(dnsNames, ["localhost", "*.localhost", "text.localhost"]);
    const elsewhere = await request("models.example.com");
    assert.deepEqual(elsewhere.dnsNames, ["models.example.com", "*.models.example.com"]);
    assert.deepEqual(elsewhere.ipAddresses, []);
  });

  it("puts the node port where it is asked for", async () => {
    const service = async (change: Partial<ApiGatewayArgs>) =>
      (await declare(gateway(change))).object("EnvoyProxy", "front").spec.provider.kubernetes.envoyService;
    assert.deepEqual(await service({}), { type: "LoadBalancer", externalTrafficPolicy: "Local" });
    assert.deepEqual(await service({ serviceType: "NodePort", externalTrafficPolicy: "Cluster" }), {
      type: "NodePort",
      externalTrafficPolicy: "Cluster",
    });
    assert.deepEqual(await service({ serviceType: "ClusterIP" }), { type: "ClusterIP" });
    assert.deepEqual((await service({ serviceType: "NodePort", nodePort: 30443 })).patch.value, {
      spec: { ports: [{ port: 443, protocol: "TCP", nodePort: 30443 }] },
    });
  });

  it("runs the proxies restricted", async () => {
    const { envoyDeployment } = (await declare(gateway())).object("EnvoyProxy", "front").spec.provider
      .kubernetes;
    assert.equal(envoyDeployment.replicas, 2);
    assert.equal(envoyDeployment.container.securityContext.readOnlyRootFilesystem, true);
    assert.equal(envoyDeployment.container.image, undefined);
  });

  const wrong: [GatewaySettings, string][] = [
    [{ host: "a_b" }, '`host`: "a_b" must be a host name, as in "models.example.com"'],
    [{ port: 0 }, "`port`: 0 must be from 1 to 65535"],
    [
      { serviceType: "ClusterIP", nodePort: 30443 },
      '`nodePort`: 30443 needs a `serviceType` other than "ClusterIP"',
    ],
    [{ replicas: 0 }, "`replicas`: 0 must be a whole number >= 1"],
    [{ cpuRequest: "0" }, '`cpuRequest`: "0" must be a CPU quantity, as in "250m" or "1.5"'],
    [{ memoryRequest: "1Gi" }, '`memoryRequest`: "1Gi" must be <= `memoryLimit` ("512Mi")'],
    [
      { tracing: { collector: { ...COLLECTOR, serviceName: "" } } },
      '`tracing.collector.serviceName`: "" must be the name of a Service of the gateway\'s namespace',
    ],
    [
      { tracing: { collector: { ...COLLECTOR, hostName: "a/b" } } },
      '`tracing.collector.hostName`: "a/b" must be a host name, as in "otel.tracing.svc"',
    ],
    [
      { tracing: { collector: { ...COLLECTOR, authorityConfigMap: "-a" } } },
      '`tracing.collector.authorityConfigMap`: "-a" must be the name of a ConfigMap',
    ],
    [{ retryBuffer: "much" }, '`retryBuffer`: "much" must be a memory quantity, as in "512Mi"'],
  ];
  for (const [change, message] of wrong) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => resolveGateway("front", change), { message: `ApiGateway "front": ${message}` });
    });
  }

  it("makes nothing where something is refused", async () => {
    const { resources } = await declare(() => {
      const args = {
        namespace: "ns",
        authority: undefined!,
        tokens: undefined!,
        auth: { apiKeys: { clients: {} } },
      };
      assert.throws(() => new ApiGateway("front", args), {
        message: 'ApiGateway "front": `auth.apiKeys.clients`: 0 must be from 1 to 256',
      });
    });
    assert.deepEqual(
      resources.map(({ type }) => type),
      ["slipway:index:ApiGateway"],
    );
  });
});
