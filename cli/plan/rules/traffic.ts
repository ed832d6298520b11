import { ALB_ANNOTATIONS, MAY_BE_ANEW, NLB_ANNOTATIONS, OTHER_SCHEME, SOURCES } from "./load-balancer";
import { replicas } from "./replicas";
import { access, always, amount, cost, each, harmless, interruption, on } from "./rule";
import type { RuleTable } from "./rule";

const NO_ANSWER = interruption("requests through it find no way");
const ROLLING_ENVOY = harmless("Envoy's pods are replaced by a rolling update");
const OTHER_INGRESS = interruption("its controller may take requests differently");

/** How requests come in, from the load balancer to the pods. */
export const TRAFFIC: RuleTable = {
  "kubernetes:core/Service": {
    noun: "the service",
    delete: NO_ANSWER,
    replace: interruption("requests find no way until the new one is there, and its address changes"),
    update: [
      on(/^spec\.selector\b/, interruption("traffic goes to other pods")),
      on(/^spec\.loadBalancerSourceRanges|source-ranges|spec\.externalIPs/, SOURCES),
      on(
        /^spec\.(ports|type|clusterIPs?|loadBalancerClass|loadBalancerIP)\b/,
        interruption("clients have to reach it differently"),
      ),
      on(
        /^spec\.(external|internal)TrafficPolicy$/,
        interruption("other nodes take its requests, and its pods see other source addresses"),
      ),
      on(/^spec\.sessionAffinity/, interruption("clients are led to other pods")),
      ...NLB_ANNOTATIONS,
      on(/^metadata\.annotations.*load-balancer.*(scheme|internal|type)/, OTHER_SCHEME),
      on(/^metadata\.annotations.*load-balancer/, MAY_BE_ANEW),
    ],
  },
  "kubernetes:gateway.networking.k8s.io/Gateway": {
    noun: "the gateway",
    delete: interruption("no request comes in any more"),
    update: [
      on(/^spec\.listeners\.tls\b/, interruption("clients are shown another certificate")),
      on(/^spec\.listeners\.allowedRoutes\b/, access("changes whose routes it takes")),
      on(/^spec\b/, interruption("changes where it listens")),
    ],
  },
  ...each(
    ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"].map(
      (kind) => `kubernetes:gateway.networking.k8s.io/${kind}`,
    ),
    {
      noun: "the route",
      delete: NO_ANSWER,
      replace: interruption("requests find no way until the new one is accepted"),
      update: [
        on(/^spec\.rules\.backendRefs\.weight$/, ({ after }) =>
          amount(after) === 0
            ? interruption("a backend gets no more requests")
            : harmless("moves a share of the requests to another backend"),
        ),
        on(/^spec\b/, interruption("changes which requests go where")),
      ],
    },
  ),
  "kubernetes:gateway.networking.k8s.io/GatewayClass": { noun: "the gateway class", delete: NO_ANSWER },
  "kubernetes:gateway.networking.k8s.io/BackendTLSPolicy": {
    noun: "the backend's TLS policy",
    delete: interruption("the gateway no longer speaks TLS to the pods"),
    update: [on(/^spec\b/, interruption("changes which certificates of the pods the gateway trusts"))],
  },
  "kubernetes:gateway.networking.k8s.io/ReferenceGrant": always(
    access("changes who may refer to what across namespaces"),
    "the reference grant",
  ),
  "kubernetes:gateway.envoyproxy.io/EnvoyProxy": {
    noun: "the proxy's settings",
    delete: NO_ANSWER,
    update: [
      on(/^spec\.provider\.kubernetes\.envoyDeployment\.replicas$/, replicas),
      on(/envoyService.*(loadBalancerSourceRanges|source-ranges)/, SOURCES),
      ...NLB_ANNOTATIONS,
      on(/envoyService\.annotations.*load-balancer.*(scheme|internal|type)/, OTHER_SCHEME),
      on(/^spec\.provider\.kubernetes\.envoyService\b/, MAY_BE_ANEW),
      on(/^spec\b/, ROLLING_ENVOY),
    ],
  },
  "kubernetes:gateway.envoyproxy.io/ClientTrafficPolicy": {
    noun: "the policy for clients",
    delete: interruption("limits and TLS settings of clients' connections fall back to Envoy's own"),
    update: [
      on(
        /^spec\.(tls|clientIPDetection|enableProxyProtocol)\b/,
        access("changes which connections are accepted"),
      ),
      on(/^spec\b/, interruption("clients' connections get other limits")),
    ],
  },
  "kubernetes:gateway.envoyproxy.io/BackendTrafficPolicy": {
    noun: "the policy for backends",
    delete: interruption("limits, timeouts and retries fall back to Envoy's own"),
    update: [on(/^spec\b/, interruption("requests get other limits, timeouts or retries"))],
  },
  "kubernetes:gateway.envoyproxy.io/SecurityPolicy": always(
    access("changes who may call the route"),
    "the security policy",
  ),
  "kubernetes:networking.k8s.io/Ingress": {
    noun: "the ingress",
    delete: NO_ANSWER,
    update: [
      ...ALB_ANNOTATIONS,
      on(/^metadata\.annotations\b.*ingress.*(auth|list|source-range|cidr|cors|waf|modsecurity)/, [
        OTHER_INGRESS,
        access("changes who may call through it"),
      ]),
      on(/^metadata\.annotations\b.*ingress/, OTHER_INGRESS),
      on(/^spec\b/, interruption("changes which requests go where")),
    ],
  },
  ...each(
    ["Certificate", "Issuer", "ClusterIssuer"].map((kind) => `kubernetes:cert-manager.io/${kind}`),
    {
      noun: "the certificate",
      delete: interruption("it is no longer renewed"),
      update: [on(/^spec\b/, interruption("clients are shown another certificate"))],
    },
  ),
  ...each(["tls:index/LocallySignedCert", "aws:acm/Certificate"], {
    noun: "the certificate",
    delete: interruption("who presents it has none"),
    replace: interruption("servers present another certificate"),
  }),
  "tls:index/PrivateKey": {
    noun: "the key",
    delete: interruption("what was signed with it is trusted no more"),
    replace: interruption("what was signed with the old one is trusted no more"),
  },
  "tls:index/SelfSignedCert": {
    noun: "the certificate authority",
    delete: interruption("certificates that it signed are trusted no more"),
    replace: interruption("certificates that the old one signed are trusted no more"),
  },
  "tls:index/CertRequest": {
    noun: "the certificate request",
    delete: interruption("its certificate cannot be made again"),
    replace: interruption("a new certificate is signed"),
  },
  ...each(["aws:lb/LoadBalancer", "aws:lb/Listener", "aws:lb/TargetGroup"], {
    noun: "the load balancer",
    create: ({ type }) => (type.includes("loadBalancer:") ? cost("a load balancer runs") : undefined),
    delete: interruption("no request comes in through it"),
    replace: interruption("clients have to resolve its new address"),
    update: [
      on(/^securityGroups\b|^internal$/, SOURCES),
      on(
        /^(certificateArn|sslPolicy|port|protocol|defaultActions|healthCheck|subnet)/,
        interruption("connections are taken differently"),
      ),
    ],
  }),
  "aws:route53/Record": {
    noun: "the DNS record",
    delete: interruption("its name leads nowhere"),
    update: [on(/^(records|aliases|ttl|type|name)\b/, interruption("its name leads elsewhere"))],
  },
};
