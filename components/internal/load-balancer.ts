import * as pulumi from "@pulumi/pulumi";

/** A load balancer of AWS' in front of the proxies, resolved. */
export interface AwsLoadBalancer {
  readonly kind: "aws-nlb" | "aws-alb";
  readonly scheme: "internal" | "internet-facing";
  readonly sourceRanges: readonly string[];
  readonly accessLogs?: { readonly bucket: pulumi.Input<string>; readonly prefix?: string };
  readonly deletionProtection: boolean;
  readonly crossZone: boolean;
  readonly clientAddress: "preserved" | "proxy-protocol";
  readonly subnets?: readonly pulumi.Input<string>[];
  readonly securityGroups?: readonly pulumi.Input<string>[];
  readonly wafAclArn?: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** Ends clients' TLS there. */
  readonly acmArn: pulumi.Input<string> | undefined;
}

/** TLS 1.2 and 1.3. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Where Envoy Gateway's proxies say whether they are ready; no longer, once they are asked to end. */
const READY_PORT = "19003";
const READY_PATH = "/ready";

/**
 * How an NLB finds out whether a proxy is well. With the proxy protocol on it begins its checks with the protocol's header, too, which
 * only the listener for clients understands: there a connection that is taken has to do. Proxies that are asked to end are taken out by
 * the load balancer controller either way.
 */
function nlbHealthCheck(viaProxyProtocol: boolean): Texts {
  return {
    ...(viaProxyProtocol
      ? { "healthcheck-protocol": "tcp", "healthcheck-port": "traffic-port" }
      : {
          "healthcheck-protocol": "http",
          "healthcheck-port": READY_PORT,
          "healthcheck-path": READY_PATH,
        }),
    "healthcheck-interval": "10",
    "healthcheck-healthy-threshold": "2",
    "healthcheck-unhealthy-threshold": "2",
  };
}

/** Less than the 300 s after which the proxies close an idle connection: the side that sends must close first. */
const ALB_IDLE_SECONDS = 240;

type Texts = Record<string, pulumi.Input<string>>;

/** `key=value` pairs of an annotation. */
function pairs(values: Texts): pulumi.Output<string> {
  return pulumi
    .all(Object.entries(values).map(([key, value]) => pulumi.interpolate`${key}=${value}`))
    .apply((all) => all.join(","));
}

const list = (values: readonly pulumi.Input<string>[]): pulumi.Output<string> =>
  pulumi.all([...values]).apply((all) => all.join(","));

/** Attributes that both kinds have; what is off is said too, since leaving it out would leave it as it is. */
function commonAttributes({ accessLogs, deletionProtection }: AwsLoadBalancer): Texts {
  return {
    "deletion_protection.enabled": String(deletionProtection),
    "access_logs.s3.enabled": String(accessLogs !== undefined),
    ...(accessLogs === undefined ? {} : { "access_logs.s3.bucket": accessLogs.bucket }),
    ...(accessLogs?.prefix === undefined ? {} : { "access_logs.s3.prefix": accessLogs.prefix }),
  };
}

const withPrefix = (prefix: string, values: Texts): Texts =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));

/** The proxies' Service behind an NLB, as annotations of the AWS load balancer controller tell it. */
export function nlbService(balancer: AwsLoadBalancer, port: number) {
  const { scheme, crossZone, clientAddress, subnets, securityGroups, tags, sourceRanges, acmArn } = balancer;
  const viaProxyProtocol = clientAddress === "proxy-protocol";
  const annotations = withPrefix("service.beta.kubernetes.io/aws-load-balancer-", {
    scheme,
    "nlb-target-type": "ip",
    attributes: pairs({
      ...commonAttributes(balancer),
      "load_balancing.cross_zone.enabled": String(crossZone),
    }),
    "target-group-attributes": pairs({
      "preserve_client_ip.enabled": String(!viaProxyProtocol),
      "proxy_protocol_v2.enabled": String(viaProxyProtocol),
    }),
    ...nlbHealthCheck(viaProxyProtocol),
    ...(subnets === undefined ? {} : { subnets: list(subnets) }),
    ...(securityGroups === undefined
      ? {}
      : { "security-groups": list(securityGroups), "manage-backend-security-group-rules": "true" }),
    ...(Object.keys(tags).length === 0 ? {} : { "additional-resource-tags": pairs(tags) }),
    ...(acmArn === undefined
      ? {}
      : {
          "ssl-cert": acmArn,
          "ssl-ports": String(port),
          "ssl-negotiation-policy": TLS_POLICY,
          "backend-protocol": "ssl",
          // Without it no client would be offered HTTP/2, which gRPC needs.
          "alpn-policy": "HTTP2Preferred",
        }),
  });
  return {
    type: "LoadBalancer",
    loadBalancerClass: "service.k8s.aws/nlb",
    // Connections go to the pods themselves: neither nodes' ports nor the nodes' own forwarding take part.
    allocateLoadBalancerNodePorts: false,
    externalTrafficPolicy: "Cluster",
    ...(sourceRanges.length === 0 ? {} : { loadBalancerSourceRanges: [...sourceRanges] }),
    annotations,
  };
}

/** What ALB's Ingresses lead to. */
export interface AlbTarget {
  readonly host: string;
  readonly port: number;
  /** The proxies' Service. */
  readonly serviceName: string;
  /** Names the group of Ingresses that share the ALB. */
  readonly group: pulumi.Input<string>;
}

const GRPC_CALLS = [
  {
    field: "http-header",
    httpHeaderConfig: { httpHeaderName: "content-type", values: ["application/grpc*"] },
  },
];

/**
 * The two Ingresses of one ALB. A target group speaks gRPC or HTTP/1.1 and not both, so gRPC calls are told apart by their
 * content type and have one of their own.
 */
export function albIngresses(balancer: AwsLoadBalancer, target: AlbTarget) {
  const { scheme, subnets, securityGroups, tags, sourceRanges, acmArn, wafAclArn } = balancer;
  const shared: Texts = {
    "group.name": target.group,
    "listen-ports": JSON.stringify([{ HTTPS: target.port }]),
    "target-type": "ip",
    "backend-protocol": "HTTPS",
  };
  const common = (values: Texts) => withPrefix("alb.ingress.kubernetes.io/", { ...shared, ...values });
  const http = common({
    scheme,
    "group.order": "2",
    "backend-protocol-version": "HTTP1",
    "healthcheck-protocol": "HTTP",
    "healthcheck-port": READY_PORT,
    "healthcheck-path": READY_PATH,
    "healthcheck-interval-seconds": "10",
    "ssl-policy": TLS_POLICY,
    "load-balancer-attributes": pairs({
      ...commonAttributes(balancer),
      "idle_timeout.timeout_seconds": String(ALB_IDLE_SECONDS),
      "routing.http.drop_invalid_header_fields.enabled": "true",
    }),
    ...(acmArn === undefined ? {} : { "certificate-arn": acmArn }),
    ...(sourceRanges.length === 0 ? {} : { "inbound-cidrs": sourceRanges.join(",") }),
    ...(subnets === undefined ? {} : { subnets: list(subnets) }),
    ...(securityGroups === undefined
      ? {}
      : { "security-groups": list(securityGroups), "manage-backend-security-group-rules": "true" }),
    ...(wafAclArn === undefined ? {} : { "wafv2-acl-arn": wafAclArn }),
    ...(Object.keys(tags).length === 0 ? {} : { tags: pairs(tags) }),
  });
  const grpc = common({
    "group.order": "1",
    // Its default health check is a call of no method; a proxy that answers so is well.
    "backend-protocol-version": "GRPC",
    [`conditions.${target.serviceName}`]: JSON.stringify(GRPC_CALLS),
  });
  const service = { name: target.serviceName, port: { number: target.port } };
  const hosts = [target.host, `*.${target.host}`];
  const spec = {
    ingressClassName: "alb",
    tls: [{ hosts }],
    rules: hosts.map((host) => ({
      host,
      http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] },
    })),
  };
  return { http: { annotations: http, spec }, grpc: { annotations: grpc, spec } };
}
