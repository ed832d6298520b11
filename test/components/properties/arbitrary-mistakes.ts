import * as fc from "fast-check";
import { ACM_ARN, JWT, KEY } from "../support/callers";

/** One thing that is wrong whatever else is said: the path that has to be named, and the inputs that bring it about. */
export type Mistake = readonly [path: string, change: object];

const notWhole = fc.constantFrom(0.5, 1.5, 99.25);

/** A number that is no whole number from `least` to `most`. */
const beyond = (least: number, most: number) =>
  fc.oneof(
    fc.integer({ max: least - 1 }),
    fc.constantFrom(most + 1, 2 * most, 1e21, NaN, Infinity, -Infinity),
    notWhole.map((fraction) => least + fraction),
  );

const at = (path: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Mistake> =>
  values.map((value) => {
    const [first, ...rest] = path.split(".");
    const inner = rest.reduceRight<unknown>((held, key) => ({ [key]: held }), value);
    return [path, { [first!]: inner }];
  });

const noLabel = fc.constantFrom("", "A", "a b", "-a", "a-", "a_b", "ü", "x".repeat(64));
const noHost = fc.constantFrom(
  "",
  "A",
  "a b",
  "a..b",
  ".a",
  "a.",
  "-a.b",
  "a/b",
  "ü.example",
  "x".repeat(64),
);
const noMemory = fc.constantFrom("", "0", "much", "-1Mi", "1 Gi", "1e3", "Infinity");
const noImage = fc.constantFrom("", "envoy", "envoy:v1", "envoy@sha256:1", " envoy", "envoy@md5:0");
const noAddress = fc.constantFrom(
  "",
  "http://a.example",
  "https://",
  "https://a b",
  "ftp://a",
  "https://a?b",
);

/** How callers are asked who they are; as inputs at `auth`. */
const wrongAuth: fc.Arbitrary<Mistake> = fc.oneof(
  fc.constantFrom<Mistake>(
    ["auth", { auth: "none" }],
    ["auth", { auth: { jwt: JWT, apiKeys: { clients: { ci: { key: KEY } } } } }],
    ["auth.oidc", { auth: { oidc: { clientId: "c", clientSecret: "s" } } }],
    ["auth.jwt.audiences", { auth: { jwt: { ...JWT, audiences: [] } } }],
    ["auth.jwt.claims", { auth: { jwt: { ...JWT, claims: {} } } }],
    ["auth.apiKeys.clients", { auth: { apiKeys: { clients: {} } } }],
    ["auth.basic.users", { auth: { basic: { users: {} } } }],
    ["auth.apiKeys.clients.b.key", { auth: { apiKeys: { clients: { a: { key: KEY }, b: { key: KEY } } } } }],
    [
      "auth.apiKeys.clients.a.scopes",
      { auth: { apiKeys: { clients: { a: { key: KEY, scopes: ["root"] } } } } },
    ],
  ),
  noAddress.map((jwksUri): Mistake => ["auth.jwt.jwksUri", { auth: { jwt: { ...JWT, jwksUri } } }]),
  fc
    .string({ maxLength: 31 })
    .map((key): Mistake => [
      "auth.apiKeys.clients.a.key",
      { auth: { apiKeys: { clients: { a: { key } } } } },
    ]),
  fc
    .string({ maxLength: 19 })
    .map((password): Mistake => [
      "auth.basic.users.a.password",
      { auth: { basic: { users: { a: { password } } } } },
    ]),
  fc
    .constantFrom("Cookie", "authorization", "host", "a b", "", "slipway-client")
    .map((header): Mistake => [
      "auth.apiKeys.header",
      { auth: { apiKeys: { clients: { a: { key: KEY } }, header } } },
    ]),
);

/** Mistakes in what a ServiceRoute is told. */
export const routeMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("requestsPerSecond", beyond(1, 2 ** 32 - 1)),
  at("requestTimeout", beyond(1, 99_999)),
  at("maxParallelRequests", beyond(1, 2 ** 32 - 1)),
  wrongAuth,
);

const certManager = (change: object) => ({ certManager: { issuerName: "i", ...change } });
const nlb = (change: object) => ({ loadBalancer: { kind: "aws-nlb", ...change } });
const alb = (change: object) => ({
  certificate: { acmArn: ACM_ARN },
  loadBalancer: { kind: "aws-alb", sourceRanges: ["10.0.0.0/16"], ...change },
});

/** What depends on where clients' TLS ends; each brings all of `loadBalancer`, `certificate` and `auth` that it needs. */
const wrongFrontDoor: fc.Arbitrary<Mistake> = fc.oneof(
  fc.constantFrom<Mistake>(
    ["loadBalancer.kind", { loadBalancer: { kind: "gcp" } }],
    ["loadBalancer.scheme", nlb({ scheme: "public" })],
    ["loadBalancer.sourceRanges", nlb({ scheme: "internet-facing" })],
    ["loadBalancer.openToWorld", nlb({ scheme: "internal", openToWorld: true })],
    ["loadBalancer.subnets", nlb({ subnets: [] })],
    ["loadBalancer.wafAclArn", nlb({ wafAclArn: "arn" })],
    ["loadBalancer.accessLogs", { ...nlb({ accessLogs: { bucket: "logs" } }), certificate: {} }],
    ["loadBalancer.sourceRanges", alb({ sourceRanges: [] })],
    ["loadBalancer.crossZone", alb({ crossZone: true })],
    ["loadBalancer.kind", { ...alb({}), certificate: {} }],
    ["loadBalancer", { ...nlb({}), serviceType: "NodePort" }],
    ["externalTrafficPolicy", { ...nlb({}), externalTrafficPolicy: "Local" }],
    ["externalTrafficPolicy", { serviceType: "ClusterIP", externalTrafficPolicy: "Cluster" }],
    ["certificate", { certificate: { secretName: "a", acmArn: ACM_ARN } }],
    ["certificate.acmArn", { certificate: { acmArn: ACM_ARN }, loadBalancer: undefined }],
    ["auth.mtls.caCertificates", { auth: { mtls: { caCertificates: "none" } } }],
    ["auth.mtls", { ...alb({}), auth: { mtls: { caCertificates: "none" } } }],
  ),
  fc
    .constantFrom("0.0.0.0/0", "10.0.0.0/7", "10.0.0.0", "a/8", "10.0.0.0/33", "::/0")
    .map((range): Mistake => ["loadBalancer.sourceRanges[0]", nlb({ sourceRanges: [range] })]),
  noHost.map((issuerName): Mistake => [
    "certificate.certManager.issuerName",
    { certificate: certManager({ issuerName }) },
  ]),
  fc
    .oneof(fc.integer({ max: 0 }), notWhole, fc.constant(NaN))
    .map((durationHours): Mistake => [
      "certificate.certManager.durationHours",
      { certificate: certManager({ durationHours }) },
    ]),
  fc
    .integer({ min: 1, max: 1000 })
    .map((hours): Mistake => [
      "certificate.certManager.renewBeforeHours",
      { certificate: certManager({ durationHours: hours, renewBeforeHours: hours }) },
    ]),
);

/** Mistakes in what an ApiGateway is told. */
export const gatewayMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("host", noHost),
  at("host", fc.constant(["h".repeat(63), "h".repeat(63), "h".repeat(63), "h".repeat(11)].join("."))),
  noLabel.map((name): Mistake => ["serviceNames[0]", { serviceNames: [name] }]),
  at("port", beyond(1, 65_535)),
  at("serviceType", fc.constantFrom("", "ExternalName", "loadBalancer")),
  beyond(30_000, 32_767).map((nodePort): Mistake => ["nodePort", { nodePort }]),
  at("image", noImage),
  at("replicas", beyond(1, 2 ** 31 - 1)),
  at("proxyNamespace", noLabel),
  at("cpuRequest", fc.constantFrom("", "0", "-1", "many", "1 ")),
  at("memoryRequest", noMemory),
  at("memoryLimit", noMemory),
  at("retryBuffer", fc.oneof(noMemory, fc.constantFrom("1", "65534", "32Ki", "2Gi", "1Ti"))),
  at("maxBodyBytes", beyond(1, 2 ** 32 - 1)),
  beyond(0, 86_400).map((maxAge): Mistake => [
    "cors.maxAge",
    { cors: { origins: ["https://a.example"], maxAge } },
  ]),
  at("cors.origins", fc.constant([])),
  fc
    .constantFrom(-1, 100.5, NaN, Infinity)
    .map((samplePercent): Mistake => [
      "tracing.samplePercent",
      { tracing: { collector: { serviceName: "telemetry", grpcPort: 4317 }, samplePercent } },
    ]),
  fc.constantFrom<Mistake>(
    ["tracing.collector.grpcPort", { tracing: { collector: { serviceName: "telemetry", grpcPort: 0 } } }],
    ["tracing.collector.serviceName", { tracing: { collector: { serviceName: "", grpcPort: 4317 } } }],
    [
      "tracing.collector",
      { tracing: { collector: { serviceName: "telemetry", grpcPort: 4317, hostName: "telemetry" } } },
    ],
  ),
  fc
    .constantFrom("", "a.example", "http://a.example", "https://a.example/", "https://*", "null")
    .map((origin): Mistake => ["cors.origins[0]", { cors: { origins: [origin] } }]),
  fc.constant<Mistake>(["cors.origins[0]", { cors: { origins: ["*"], credentials: true } }]),
  wrongAuth,
  wrongFrontDoor,
);
