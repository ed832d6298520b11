import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  Monitoring,
  ServingStack,
  TokenAuthority,
  type MonitoringAccess,
  type MonitoringArgs,
  type ServingStackArgs,
} from "../../../components";
import { declare, type Declaration } from "../support/declared";
import { DIGEST, stackArgs } from "../support/examples";

const PROXY = `r.example/envoy@${DIGEST}`;
const PASSWORD = "a long password of somebody";
const BASIC: MonitoringAccess = {
  auth: {
    basic: { users: { ana: { password: PASSWORD, scopes: ["admin"] }, bo: { password: `${PASSWORD}!` } } },
  },
  proxyImage: PROXY,
};
const PEM = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

const withAccess =
  (access: MonitoringAccess, more: Partial<ServingStackArgs> = {}) =>
  () =>
    new ServingStack("slipway", { ...stackArgs(), ...more, monitoring: { access } });

/** The same without services, which are nothing to it. */
const alone = (access: MonitoringAccess) => () => {
  const authority = new CertificateAuthority("authority");
  const tokens = new TokenAuthority("tokens", { issuer: "https://models.example.com" });
  const gateway = new ApiGateway("slipway", { namespace: "slipway", authority, tokens });
  const around = { namespace: "slipway-monitoring", servicesNamespace: "slipway", gateway, authority };
  new Monitoring("prometheus", { ...around, access, alerts: false, dashboards: false });
};

interface Rule {
  readonly name: string;
  readonly operation?: { readonly methods: readonly string[]; readonly path: { readonly value: string } };
}

describe("Access to Monitoring", () => {
  let declared: Declaration;
  before(async () => {
    declared = await declare(withAccess(BASIC));
  });
  const policy = (server: string) => declared.object("SecurityPolicy", `${server}.prometheus`).spec;

  it("leads from hosts of their own, over TLS, to the servers, whose authority it knows", () => {
    for (const [server, service] of [
      ["prometheus", "prometheus"],
      ["alertmanager", "prometheus-alertmanager"],
    ] as const) {
      const { metadata, spec } = declared.object("HTTPRoute", `${server}.prometheus`);
      assert.equal(metadata.namespace, "slipway");
      assert.deepEqual(spec.hostnames, [`${server}.localhost`]);
      const [{ backendRefs, filters }] = spec.rules;
      const { name, namespace, port } = backendRefs[0];
      assert.deepEqual([name, namespace, port], [service, "slipway-monitoring", 9443]);
      assert.deepEqual(filters[0].requestHeaderModifier.remove, ["Authorization"]);
      const tls = declared.object("BackendTLSPolicy", `${server}.prometheus`);
      assert.equal(tls.metadata.namespace, "slipway-monitoring");
      assert.equal(tls.spec.validation.hostname, `${service}.slipway-monitoring.svc`);
      assert.deepEqual(tls.spec.targetRefs, [{ group: "", kind: "Service", name: service }]);
      const grant = declared.object("ReferenceGrant", `${server}.prometheus`).spec;
      assert.deepEqual(grant.to, [{ group: "", kind: "Service", name: service }]);
      assert.equal(grant.from[0].namespace, "slipway");
      assert.ok(
        declared
          .object("Service", service)
          .spec.ports.some(
            (one: { port: number; targetPort: string }) => one.port === 9443 && one.targetPort === "tls",
          ),
      );
    }
  });

  it("is known to the servers by the address that people have, for the links in alerts", async () => {
    const urls = (made: Declaration) => [
      made.object("Prometheus", "prometheus").spec.externalUrl,
      made.object("Alertmanager", "prometheus").spec.externalUrl,
    ];
    assert.deepEqual(urls(declared), ["https://prometheus.localhost", "https://alertmanager.localhost"]);
    assert.deepEqual(urls(await declare(alone({ ...BASIC, port: 8443 }))), [
      "https://prometheus.localhost:8443",
      "https://alertmanager.localhost:8443",
    ]);
  });

  it("asks everybody who they are, by policies that are whole", () => {
    const { targetRefs, basicAuth, authorization } = policy("prometheus");
    assert.deepEqual(targetRefs, [
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "prometheus.prometheus" },
    ]);
    assert.equal(basicAuth.users.name, "prometheus-access-users-chosen");
    assert.equal(authorization.defaultAction, "Deny");
    const secret = declared.kind("Secret").find(({ name }) => name === "prometheus-access-users");
    assert.ok(pulumi.runtime.isRpcSecret(secret!.inputs.data));
    assert.ok(!JSON.stringify(declared.resources).includes(PASSWORD));
  });

  it("lets everybody look and administrators silence, and nobody reload or end a server", () => {
    const rules = (server: string) => policy(server).authorization.rules as Rule[];
    assert.deepEqual(
      rules("prometheus").map(({ name, operation }) => [name, operation?.methods]),
      [["read", ["GET", "HEAD", "POST"]]],
    );
    assert.deepEqual(
      rules("alertmanager").map(({ name, operation }) => [name, operation?.methods]),
      [
        ["admin", ["GET", "HEAD", "POST", "DELETE"]],
        ["read", ["GET", "HEAD"]],
      ],
    );
    for (const { operation } of [...rules("prometheus"), ...rules("alertmanager")]) {
      const path = new RegExp(`^(?:${operation!.path.value})$`);
      for (const open of ["/", "/graph?g0.expr=up", "/api/v1/query", "/api/v2/silences", "/assets/a-b.js"])
        assert.match(open, path);
      for (const closed of ["/-/reload", "/-/quit", "/%2D/quit", "//-/quit", "/./-/quit"])
        assert.doesNotMatch(closed, path);
    }
  });

  it("guards each route before it is there", async () => {
    const guards = ["SecurityPolicy", "BackendTLSPolicy", "ReferenceGrant", "BackendTrafficPolicy"];
    const slow = await declare(alone(BASIC), guards);
    const at = (kind: string, name: string) =>
      slow.resources.findIndex(({ inputs }) => inputs.kind === kind && inputs.metadata.name === name);
    for (const server of ["prometheus", "alertmanager"]) {
      for (const kind of guards)
        assert.ok(at(kind, `${server}.prometheus`) < at("HTTPRoute", `${server}.prometheus`), kind);
    }
  });

  it("puts a container that speaks TLS beside each server, and lets the gateway's proxies in there alone", () => {
    const { spec } = declared.object("Prometheus", "prometheus");
    const [sidecar] = spec.containers;
    assert.equal(sidecar.image, PROXY);
    assert.equal(sidecar.securityContext.readOnlyRootFilesystem, true);
    assert.equal(spec.externalUrl, "https://prometheus.localhost");
    assert.deepEqual(
      spec.volumes.map(({ name }: { name: string }) => name),
      ["slipway-certificate", "slipway-proxy"],
    );
    for (const name of ["prometheus", "prometheus-alertmanager"]) {
      const rule = declared
        .object("NetworkPolicy", name)
        .spec.ingress.find(({ ports }: { ports: { port: number }[] }) => ports[0]!.port === 9443);
      assert.equal(
        rule.from[0].podSelector.matchLabels["gateway.envoyproxy.io/owning-gateway-name"],
        "slipway",
      );
    }
  });

  it("has its hosts in the gateway's certificate", () => {
    const request = declared.resources.find(({ name }) => name === "slipway-tls-request");
    for (const host of ["prometheus.localhost", "alertmanager.localhost", "grafana.localhost"])
      assert.ok(request!.inputs.dnsNames.includes(host), host);
  });

  it("signs people in with a browser where `oidc` says how", async () => {
    const auth = {
      jwt: {
        issuer: "https://login.example.com",
        audiences: ["slipway"],
        jwksUri: "https://login.example.com/keys",
      },
      oidc: { clientId: "slipway", clientSecret: "secret-of-client" },
    };
    const signIn = await declare(alone({ auth, proxyImage: PROXY }));
    const { spec } = signIn.object("SecurityPolicy", "alertmanager.prometheus");
    assert.equal(spec.oidc.clientID, "slipway");
    assert.equal(spec.jwt.providers[0].issuer, "https://login.example.com");
    // Whoever has the scope `admin` may silence, whoever has signed in may look.
    assert.deepEqual(spec.authorization.rules[0].principal.jwt.scopes, ["admin"]);
    assert.equal(spec.authorization.rules[1].principal.jwt.claims[0].name, "iss");
    assert.ok(!JSON.stringify(signIn.resources).includes("secret-of-client"));
  });

  it("leads to a Grafana that is there already and speaks TLS, whose own sessions stay", async () => {
    const grafana = {
      service: "grafana",
      namespace: "tools",
      caCertificates: PEM,
      pods: { podLabels: { app: "grafana" }, port: 3000 },
    };
    const there = await declare(alone({ ...BASIC, grafana }));
    const { spec } = there.object("HTTPRoute", "grafana.prometheus");
    assert.deepEqual(spec.hostnames, ["grafana.localhost"]);
    assert.deepEqual(spec.rules[0].filters[0].requestHeaderModifier.remove, ["Authorization"]);
    assert.equal(spec.rules[0].backendRefs[0].port, 443);
    const tls = there.object("BackendTLSPolicy", "grafana.prometheus");
    assert.equal(tls.metadata.namespace, "tools");
    assert.equal(tls.spec.validation.hostname, "grafana.tools.svc");
    const flows = there.object("NetworkPolicy", "prometheus-grafana");
    assert.deepEqual(flows.spec.podSelector.matchLabels, { app: "grafana" });
    assert.deepEqual(flows.spec.policyTypes, ["Ingress"]);
  });

  const wrong: [string, Partial<ServingStackArgs>, string][] = [
    [
      "access without any authentication",
      { monitoring: { access: { auth: {}, proxyImage: PROXY } } },
      "`monitoring.access.auth`: must have `basic`, or `oidc` with `jwt`: neither Prometheus nor Alertmanager asks anybody who they are",
    ],
    [
      "a sign-in without what checks its tokens",
      { monitoring: { access: { auth: { oidc: { clientId: "a", clientSecret: "b" } }, proxyImage: PROXY } } },
      "`monitoring.access.auth.oidc`: needs `jwt` of the same issuer beside it, which checks the token that a sign-in gives",
    ],
    [
      "a short password, without a word of it",
      {
        monitoring: {
          access: { auth: { basic: { users: { a: { password: "short" } } } }, proxyImage: PROXY },
        },
      },
      "`monitoring.access.auth.basic.users.a.password`: a password of 5 characters must have at least 20: Envoy keeps it as an unsalted SHA-1",
    ],
    [
      "a proxy's image without a digest",
      { monitoring: { access: { ...BASIC, proxyImage: "envoy:1" } } },
      '`monitoring.access.proxyImage`: "envoy:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
    [
      "a service that has the host of a server",
      { monitoring: { access: BASIC }, services: [{ ...stackArgs().services[0]!, name: "grafana" }] },
      '`services[0].name`: "grafana" is the first part of a host that `monitoring.access` has: prometheus, alertmanager, grafana',
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, () =>
      declare(() =>
        assert.throws(() => new ServingStack("slipway", { ...stackArgs(), ...change }), {
          message: `ServingStack "slipway": ${message}`,
        }),
      ));
  }

  it("needs a gateway and an authority", () => {
    const args: MonitoringArgs = { namespace: "m", servicesNamespace: "s", access: BASIC };
    return declare(() =>
      assert.throws(() => new Monitoring("prometheus", args), {
        message:
          'Monitoring "prometheus": `gateway`: must be given with `access`: people come through the gateway, and over TLS; ' +
          "`authority`: must be given with `access`: people come through the gateway, and over TLS",
      }),
    );
  });
});
