import * as fc from "fast-check";
import type { LoadBalancerSettings } from "../../../components";
import type { GatewaySettings } from "../../../components/traffic/gateway-settings";
import { ACM_ARN } from "../support/callers";
import { IMAGE } from "../support/examples";
import { arbitraryAuth, arbitraryGatewayAuth, hostName, label, maybe } from "./arbitrary-auth";

/** Whole numbers, the smallest, ordinary ones and the largest among them. @param most the largest that is allowed */
export const upTo = (most: number) =>
  fc.oneof(
    fc.constantFrom(1, most),
    fc.integer({ min: 1, max: Math.min(most, 1000) }),
    fc.integer({ min: 1, max: most }),
  );

const memory = fc.integer({ min: 64, max: 64_000 });

const cidr = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.integer({ min: 0, max: 255 }))
  .map(([a, b]) => `${a}.${b}.0.0/16`);

const who: fc.Arbitrary<Partial<LoadBalancerSettings>> = fc.oneof(
  fc.record({ sourceRanges: fc.array(cidr, { minLength: 1, maxLength: 3 }) }),
  fc.record({ securityGroups: fc.array(fc.constantFrom("sg-1", "sg-2"), { minLength: 1, maxLength: 2 }) }),
  fc.constant({ scheme: "internet-facing" as const, openToWorld: true }),
  fc.record({
    scheme: fc.constant("internet-facing" as const),
    sourceRanges: fc.array(cidr, { minLength: 1, maxLength: 3 }),
  }),
);

const common = fc.record(
  {
    deletionProtection: fc.boolean(),
    subnets: fc.constant(["subnet-1", "subnet-2"]),
    tags: fc.dictionary(label(10), label(10), { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: [] },
);

const networkLoadBalancer = fc.record(
  {
    kind: fc.constant("aws-nlb" as const),
    crossZone: fc.boolean(),
    clientAddress: fc.constantFrom("preserved" as const, "proxy-protocol" as const),
  },
  { requiredKeys: ["kind"] },
);

const WEB_ACL = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/models/0a1b2c3d";

const applicationLoadBalancer = fc.record(
  { kind: fc.constant("aws-alb" as const), wafAclArn: fc.constant(WEB_ACL) },
  { requiredKeys: ["kind"] },
);

const logs = fc.constant({ accessLogs: { bucket: "logs", prefix: "front" } });

const certManager = fc.integer({ min: 2, max: 50_000 }).chain((durationHours) =>
  fc.record(
    {
      issuerName: hostName,
      issuerKind: fc.constantFrom("ClusterIssuer" as const, "Issuer" as const),
      keyAlgorithm: fc.constantFrom("ECDSA" as const, "RSA" as const),
      durationHours: fc.constant(durationHours),
      renewBeforeHours: fc.integer({ min: 1, max: durationHours - 1 }),
    },
    // Without its own end the default one is meant, which may be later than a certificate's.
    { requiredKeys: ["issuerName", "durationHours", "renewBeforeHours"] },
  ),
);

/** How clients reach the proxies, and where their TLS ends. */
const frontDoor: fc.Arbitrary<GatewaySettings> = fc.oneof(
  fc.record(
    {
      serviceType: fc.constantFrom("LoadBalancer" as const, "NodePort" as const),
      nodePort: fc.integer({ min: 30_000, max: 32_767 }),
      certificate: fc.oneof(
        fc.constant({}),
        hostName.map((secretName) => ({ secretName })),
        certManager.map((settings) => ({ certManager: settings })),
      ),
      auth: arbitraryGatewayAuth,
    },
    { requiredKeys: [] },
  ),
  fc.record({ serviceType: fc.constant("ClusterIP" as const), auth: maybe(arbitraryGatewayAuth) }),
  fc
    .tuple(networkLoadBalancer, who, common, arbitraryGatewayAuth)
    .map(([kind, sources, more, auth]) => ({ loadBalancer: { ...kind, ...sources, ...more }, auth })),
  fc
    .tuple(fc.oneof(networkLoadBalancer, applicationLoadBalancer), who, common, maybe(logs), arbitraryAuth)
    .map(([kind, sources, more, written, auth]) => ({
      certificate: { acmArn: ACM_ARN },
      loadBalancer: { ...kind, ...sources, ...more, ...written },
      auth,
    })),
);

const cors = fc.oneof(
  fc.record({ origins: fc.constant(["*"]), maxAge: fc.integer({ min: 0, max: 86_400 }) }),
  fc.record(
    {
      origins: fc.array(
        hostName.map((host) => `https://${host}`),
        { minLength: 1, maxLength: 4 },
      ),
      credentials: fc.boolean(),
    },
    { requiredKeys: ["origins"] },
  ),
);

const resources = fc
  .tuple(memory, fc.integer({ min: 0, max: 64_000 }), fc.integer({ min: 1, max: 64_000 }))
  .chain(([request, more, cpu]) =>
    fc.record(
      {
        cpuRequest: fc.constant(`${cpu}m`),
        memoryRequest: fc.constant(`${request}Mi`),
        memoryLimit: fc.constant(`${request + more}Mi`),
        maxBodyBytes: upTo(Math.min(2 ** 32 - 1, Math.floor(((request + more) * 2 ** 20) / 4))),
      },
      { requiredKeys: ["cpuRequest", "memoryRequest", "memoryLimit"] },
    ),
  );

/** Short, and as long as a host may be that leaves room for services' own. */
const sharedHost = fc.oneof(
  hostName,
  fc.constant([63, 63, 63, 10].map((length) => "h".repeat(length)).join(".")),
);

const tracing = fc
  .tuple(
    fc.record({ serviceName: label(), grpcPort: upTo(65_535) }),
    maybe(fc.record({ hostName, authorityConfigMap: label() })),
    fc.record({ samplePercent: fc.double({ min: 0, max: 100, noNaN: true }) }, { requiredKeys: [] }),
  )
  .map(([collector, tls, share]) => ({ collector: { ...collector, ...tls }, ...share }));

/** Settings of a gateway that nothing is wrong with. */
export const arbitraryGateway: fc.Arbitrary<GatewaySettings> = fc
  .tuple(
    frontDoor,
    resources,
    fc.record(
      {
        host: sharedHost,
        serviceNames: fc.array(label(20), { maxLength: 3 }),
        port: upTo(65_535),
        image: fc.constant(IMAGE),
        replicas: upTo(2 ** 31 - 1),
        retryBuffer: fc.constantFrom("65535", "64Ki", "8Mi", "2047Mi"),
        proxyNamespace: label(),
        cors,
        tracing,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([door, size, rest]) => ({ ...rest, ...size, ...door }));
