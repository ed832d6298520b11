import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ApiGateway, CertificateAuthority, TokenAuthority, type ApiGatewayArgs } from "../../../components";
import { resolveGateway, type GatewaySettings } from "../../../components/traffic/gateway-settings";
import { ACM_ARN } from "../support/callers";
import { declare, type Declaration } from "../support/declared";

const WEB_ACL = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/models/0a1b2c3d-0a1b";

function gateway(change: Partial<ApiGatewayArgs>): () => ApiGateway {
  return () =>
    new ApiGateway("front", {
      namespace: "ns",
      host: "models.example.com",
      authority: new CertificateAuthority("authority"),
      tokens: new TokenAuthority("tokens", { issuer: "https://issuer.example" }),
      ...change,
    });
}

const proxy = (declared: Declaration) => declared.object("EnvoyProxy", "front").spec;
const service = (declared: Declaration) => proxy(declared).provider.kubernetes.envoyService;

/** Annotations without what all of them begin with. */
const short = (annotations: Record<string, string>, prefix: string) =>
  Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => {
      assert.ok(key.startsWith(prefix), key);
      return [key.slice(prefix.length), value];
    }),
  );
const NLB = "service.beta.kubernetes.io/aws-load-balancer-";
const ALB = "alb.ingress.kubernetes.io/";

/** What every NLB has. */
const NLB_BASE = {
  scheme: "internal",
  "nlb-target-type": "ip",
  attributes:
    "deletion_protection.enabled=true,access_logs.s3.enabled=false,load_balancing.cross_zone.enabled=true",
  "target-group-attributes": "preserve_client_ip.enabled=true,proxy_protocol_v2.enabled=false",
  "healthcheck-protocol": "http",
  "healthcheck-port": "19003",
  "healthcheck-path": "/ready",
  "healthcheck-interval": "10",
  "healthcheck-healthy-threshold": "2",
  "healthcheck-unhealthy-threshold": "2",
};

describe("ApiGateway behind an NLB", () => {
  it("is internal, protected and told clients' addresses, unless told otherwise", async () => {
    const declared = await declare(gateway({ loadBalancer: { kind: "aws-nlb" } }));
    const { annotations, ...rest } = service(declared);
    assert.deepEqual(short(annotations, NLB), NLB_BASE);
    assert.deepEqual(rest, {
      type: "LoadBalancer",
      loadBalancerClass: "service.k8s.aws/nlb",
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: "Cluster",
    });
    assert.deepEqual(proxy(declared).shutdown, { drainTimeout: "120s", minDrainDuration: "60s" });
    assert.ok(!("proxyProtocol" in declared.object("ClientTrafficPolicy", "front").spec));
  });

  it("takes everything that can be said of it, Outputs too", async () => {
    const declared = await declare(
      gateway({
        certificate: { acmArn: pulumi.output(ACM_ARN) },
        loadBalancer: {
          kind: "aws-nlb",
          scheme: "internet-facing",
          sourceRanges: ["203.0.113.0/24", "198.51.100.7/32"],
          accessLogs: { bucket: pulumi.output("logs"), prefix: "front" },
          deletionProtection: false,
          crossZone: false,
          subnets: [pulumi.output("subnet-1"), "subnet-2"],
          tags: { team: "ml", stage: "prod" },
        },
      }),
    );
    const { annotations, loadBalancerSourceRanges } = service(declared);
    assert.deepEqual(loadBalancerSourceRanges, ["203.0.113.0/24", "198.51.100.7/32"]);
    assert.deepEqual(short(annotations, NLB), {
      ...NLB_BASE,
      scheme: "internet-facing",
      attributes:
        "deletion_protection.enabled=false,access_logs.s3.enabled=true,access_logs.s3.bucket=logs," +
        "access_logs.s3.prefix=front,load_balancing.cross_zone.enabled=false",
      subnets: "subnet-1,subnet-2",
      "additional-resource-tags": "team=ml,stage=prod",
      "ssl-cert": ACM_ARN,
      "ssl-ports": "443",
      "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "backend-protocol": "ssl",
      "alpn-policy": "HTTP2Preferred",
    });
  });

  it("keeps TLS between load balancer and proxies where the load balancer ends clients'", async () => {
    const declared = await declare(
      gateway({ certificate: { acmArn: ACM_ARN }, loadBalancer: { kind: "aws-nlb" } }),
    );
    const [listener] = declared.object("Gateway", "front").spec.listeners;
    assert.equal(listener.protocol, "HTTPS");
    assert.deepEqual(listener.tls.certificateRefs, [{ group: "", kind: "Secret", name: "front-tls-chosen" }]);
  });

  it("takes security groups, or everyone", async () => {
    const groups = service(
      await declare(
        gateway({
          loadBalancer: { kind: "aws-nlb", scheme: "internet-facing", securityGroups: ["sg-1", "sg-2"] },
        }),
      ),
    );
    assert.equal(groups.annotations[`${NLB}security-groups`], "sg-1,sg-2");
    assert.equal(groups.annotations[`${NLB}manage-backend-security-group-rules`], "true");
    assert.equal(groups.loadBalancerSourceRanges, undefined);
    const world = service(
      await declare(
        gateway({ loadBalancer: { kind: "aws-nlb", scheme: "internet-facing", openToWorld: true } }),
      ),
    );
    assert.deepEqual(world.loadBalancerSourceRanges, ["0.0.0.0/0"]);
  });

  it("tells clients' addresses by the proxy protocol, on both sides", async () => {
    const declared = await declare(
      gateway({ loadBalancer: { kind: "aws-nlb", clientAddress: "proxy-protocol" } }),
    );
    const { "healthcheck-path": _, ...base } = NLB_BASE;
    // A health check begins with the protocol's header, too, which Envoy's own page for it does not understand.
    assert.deepEqual(short(service(declared).annotations, NLB), {
      ...base,
      "target-group-attributes": "preserve_client_ip.enabled=false,proxy_protocol_v2.enabled=true",
      "healthcheck-protocol": "tcp",
      "healthcheck-port": "traffic-port",
    });
    assert.deepEqual(declared.object("ClientTrafficPolicy", "front").spec.proxyProtocol, { optional: false });
  });
});

describe("ApiGateway behind an ALB", () => {
  const alb = () =>
    declare(
      gateway({
        certificate: { acmArn: ACM_ARN },
        loadBalancer: {
          kind: "aws-alb",
          sourceRanges: ["10.0.0.0/8"],
          wafAclArn: pulumi.output(WEB_ACL),
          tags: { team: "ml" },
        },
      }),
    );

  it("has a target group for HTTP and one for gRPC, both with TLS to the proxies", async () => {
    const declared = await alb();
    assert.deepEqual(service(declared), { type: "ClusterIP", name: "slipway-front" });
    const http = declared.object("Ingress", "slipway-front-http");
    const grpc = declared.object("Ingress", "slipway-front-grpc");
    const both = {
      "group.name": "ns.front",
      "listen-ports": '[{"HTTPS":443}]',
      "target-type": "ip",
      "backend-protocol": "HTTPS",
    };
    assert.deepEqual(short(http.metadata.annotations, ALB), {
      ...both,
      scheme: "internal",
      "group.order": "2",
      "backend-protocol-version": "HTTP1",
      "healthcheck-protocol": "HTTP",
      "healthcheck-port": "19003",
      "healthcheck-path": "/ready",
      "healthcheck-interval-seconds": "10",
      "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "load-balancer-attributes":
        "deletion_protection.enabled=true,access_logs.s3.enabled=false,idle_timeout.timeout_seconds=240," +
        "routing.http.drop_invalid_header_fields.enabled=true",
      "certificate-arn": ACM_ARN,
      "inbound-cidrs": "10.0.0.0/8",
      "wafv2-acl-arn": WEB_ACL,
      tags: "team=ml",
    });
    assert.deepEqual(short(grpc.metadata.annotations, ALB), {
      ...both,
      "group.order": "1",
      "backend-protocol-version": "GRPC",
      "conditions.slipway-front":
        '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"content-type","values":["application/grpc*"]}}]',
    });
    const backend = { service: { name: "slipway-front", port: { number: 443 } } };
    const paths = [{ path: "/", pathType: "Prefix", backend }];
    const hosts = ["models.example.com", "*.models.example.com"];
    assert.deepEqual(http.spec, {
      ingressClassName: "alb",
      tls: [{ hosts }],
      rules: hosts.map((host) => ({ host, http: { paths } })),
    });
    assert.deepEqual(grpc.spec, http.spec);
    assert.equal(http.metadata.namespace, "envoy-gateway-system");
  });

  it("takes clients' addresses from the header that the ALB adds to", async () => {
    const { spec } = (await alb()).object("ClientTrafficPolicy", "front");
    assert.deepEqual(spec.clientIPDetection, { xForwardedFor: { numTrustedHops: 1 } });
  });

  it("makes its Ingresses once their Service is there, which the Gateway brings", async () => {
    const declared = await declare(
      gateway({
        certificate: { acmArn: ACM_ARN },
        loadBalancer: { kind: "aws-alb", sourceRanges: ["10.0.0.0/8"] },
      }),
      ["Gateway"],
    );
    const kinds = declared.resources.map(({ inputs }) => inputs.kind as string | undefined);
    assert.ok(kinds.indexOf("Gateway") < kinds.indexOf("Ingress"));
  });
});

describe("LoadBalancerSettings", () => {
  const acm = { certificate: { acmArn: ACM_ARN } };
  const wrong: [string, GatewaySettings, string][] = [
    [
      "a kind that there is not",
      { loadBalancer: { kind: "aws-clb" as "aws-nlb" } },
      '`loadBalancer.kind`: "aws-clb" must be one of aws-nlb, aws-alb',
    ],
    [
      "an internet-facing one for nobody in particular",
      { loadBalancer: { kind: "aws-nlb", scheme: "internet-facing" } },
      '`loadBalancer.sourceRanges`: must name who may connect where `scheme` is "internet-facing": ranges, `securityGroups`, or `openToWorld: true` for everyone',
    ],
    [
      "everyone, said as a range",
      { loadBalancer: { kind: "aws-nlb", scheme: "internet-facing", sourceRanges: ["0.0.0.0/0"] } },
      '`loadBalancer.sourceRanges[0]`: "0.0.0.0/0" must be an IPv4 range of /8 or narrower; whoever means every address says `openToWorld: true`',
    ],
    [
      "everyone, said in two halves",
      {
        loadBalancer: {
          kind: "aws-nlb",
          scheme: "internet-facing",
          sourceRanges: ["0.0.0.0/1", "128.0.0.0/1"],
        },
      },
      '`loadBalancer.sourceRanges[0]`: "0.0.0.0/1" must be an IPv4 range of /8 or narrower; whoever means every address says `openToWorld: true`; ' +
        '`loadBalancer.sourceRanges[1]`: "128.0.0.0/1" must be an IPv4 range of /8 or narrower; whoever means every address says `openToWorld: true`',
    ],
    [
      "everyone to an internal one",
      { loadBalancer: { kind: "aws-nlb", openToWorld: true } },
      '`loadBalancer.openToWorld`: needs `scheme` "internet-facing"',
    ],
    [
      "ranges beside security groups, which would be ignored",
      { loadBalancer: { kind: "aws-nlb", securityGroups: ["sg-1"], sourceRanges: ["10.0.0.0/8"] } },
      "`loadBalancer.sourceRanges`: has no effect beside `securityGroups`, whose rules say who may connect; leave it out",
    ],
    [
      "a WAF before an NLB",
      { loadBalancer: { kind: "aws-nlb", wafAclArn: WEB_ACL } },
      '`loadBalancer.wafAclArn`: an NLB does not read requests, so AWS WAF cannot be put in front of it; set `kind` to "aws-alb"',
    ],
    [
      "logs of an NLB that passes TLS on",
      { loadBalancer: { kind: "aws-nlb", accessLogs: { bucket: "logs" } } },
      "`loadBalancer.accessLogs`: an NLB logs connections alone whose TLS it ends: needs `certificate.acmArn`; the proxies' own log has every request",
    ],
    [
      "an ALB without a certificate",
      { loadBalancer: { kind: "aws-alb", sourceRanges: ["10.0.0.0/8"] } },
      '`loadBalancer.kind`: "aws-alb" ends TLS itself: needs `certificate.acmArn`',
    ],
    [
      "an internal ALB that the controller would open to all",
      { ...acm, loadBalancer: { kind: "aws-alb" } },
      "`loadBalancer.sourceRanges`: must name who may connect, or `securityGroups`: the controller would open an internal ALB to all that can reach the VPC",
    ],
    [
      "an NLB's settings of an ALB",
      {
        ...acm,
        loadBalancer: {
          kind: "aws-alb",
          sourceRanges: ["10.0.0.0/8"],
          clientAddress: "preserved",
          crossZone: true,
        },
      },
      "`loadBalancer.clientAddress`: is for an NLB; an ALB says it in a header; " +
        "`loadBalancer.crossZone`: is for an NLB; an ALB always sends to all zones",
    ],
    [
      "the ACL of a CloudFront distribution",
      {
        ...acm,
        loadBalancer: {
          kind: "aws-alb",
          sourceRanges: ["10.0.0.0/8"],
          wafAclArn: WEB_ACL.replace("regional", "global"),
        },
      },
      `\`loadBalancer.wafAclArn\`: "${WEB_ACL.replace("regional", "global")}" must be as in "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/NAME/…"`,
    ],
    [
      "texts that would end an annotation's entry",
      { ...acm, loadBalancer: { kind: "aws-nlb", accessLogs: { bucket: "a,b" }, tags: { team: "a=b" } } },
      '`loadBalancer.accessLogs.bucket`: "a,b" must be the name of a bucket; ' +
        '`loadBalancer.tags.team`: "a=b" must be, like the tag\'s name, a text without commas and equals signs',
    ],
    [
      "a node port besides",
      { nodePort: 30443, loadBalancer: { kind: "aws-nlb" } },
      "`loadBalancer`: decides how the proxies are reached: leave `serviceType` and `nodePort` out",
    ],
    [
      "a certificate of ACM's without a load balancer",
      acm,
      "`certificate.acmArn`: is used by a load balancer of AWS' alone: needs `loadBalancer`",
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuse ${what}`, () => {
      assert.throws(() => resolveGateway("front", change), { message: `ApiGateway "front": ${message}` });
    });
  }
});
