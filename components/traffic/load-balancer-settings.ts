import type * as pulumi from "@pulumi/pulumi";
import { isIpv4Cidr } from "../internal/references";
import { type Problems, plainValue } from "../internal/validation";

/** Where a load balancer writes down what it was asked. */
export interface AccessLogs {
  /** An S3 bucket of the load balancer's region whose policy lets Elastic Load Balancing write to it. */
  readonly bucket: pulumi.Input<string>;
  /**
   * What keys in the bucket begin with.
   * @default none
   */
  readonly prefix?: string;
}

/** A load balancer of AWS', made by the AWS load balancer controller; it sends to the proxies' pods directly. */
export interface LoadBalancerSettings {
  /**
   * `aws-nlb` passes TLS on to the proxies, or ends it where `certificate.acmArn` is given. `aws-alb` reads every request, always
   * ends TLS, and can have a WAF.
   */
  readonly kind: "aws-nlb" | "aws-alb";
  /**
   * Whether it has addresses of the VPC alone or public ones.
   * @default "internal"
   */
  readonly scheme?: "internal" | "internet-facing";
  /**
   * IPv4 ranges that may connect. One at least is needed for `internet-facing` and for an ALB, unless `securityGroups` or
   * `openToWorld` say who may.
   * @default none; an internal NLB then accepts the VPC's own range
   */
  readonly sourceRanges?: readonly string[];
  /**
   * Lets every address connect to an `internet-facing` one.
   * @default false
   */
  readonly openToWorld?: boolean;
  /**
   * Logs to S3. An NLB logs connections whose TLS it ends, and no others; the proxies' own log has every request.
   * @default none
   */
  readonly accessLogs?: AccessLogs;
  /**
   * Whether AWS refuses to delete it. Destroying the gateway then waits until this has been set to false.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * Whether an NLB's address in each zone sends to the proxies of all zones: with fewer proxies than connections need, zones
   * would be loaded unevenly. Traffic between zones costs. An ALB always does.
   * @default true
   */
  readonly crossZone?: boolean;
  /**
   * How the proxies learn a client's address, which limits are counted by: as the connection's own, or, where that is not
   * possible (PrivateLink, clients that are targets themselves), from the proxy protocol. For an NLB; an ALB says it in a header.
   * @default "preserved"
   */
  readonly clientAddress?: "preserved" | "proxy-protocol";
  /**
   * Subnets, one per zone.
   * @default those that the controller finds by their tags
   */
  readonly subnets?: readonly pulumi.Input<string>[];
  /**
   * Existing security groups, whose rules then say who may connect.
   * @default one that the controller makes
   */
  readonly securityGroups?: readonly pulumi.Input<string>[];
  /**
   * Web ACL of AWS WAF (v2, regional) that requests pass first. For an ALB.
   * @default none
   */
  readonly wafAclArn?: pulumi.Input<string>;
  /**
   * Tags of the load balancer and what belongs to it.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const LOAD_BALANCER_DEFAULTS = {
  scheme: "internal",
  openToWorld: false,
  deletionProtection: true,
  crossZone: true,
  clientAddress: "preserved",
  tags: {},
} as const satisfies Partial<LoadBalancerSettings>;

/** Settings with every default filled in. */
export interface ResolvedLoadBalancer extends LoadBalancerSettings {
  readonly scheme: "internal" | "internet-facing";
  readonly sourceRanges: readonly string[];
  readonly deletionProtection: boolean;
  readonly crossZone: boolean;
  readonly clientAddress: "preserved" | "proxy-protocol";
  readonly tags: Readonly<Record<string, string>>;
  /** Ends clients' TLS there. */
  readonly acmArn: pulumi.Input<string> | undefined;
}

/** A range this wide is everyone, whatever its spelling. */
const WIDEST_PREFIX = 8;
const WORLD = "0.0.0.0/0";

const CHOICES = {
  kind: ["aws-nlb", "aws-alb"],
  scheme: ["internal", "internet-facing"],
  clientAddress: ["preserved", "proxy-protocol"],
} as const;

const WEB_ACL_ARN = /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[a-f0-9-]+$/;

/** Annotations join with commas and equals signs, which none of their parts may have. */
const PLAIN_TEXT = /^[^,=]+$/;

/** Fills in the defaults and checks everything. */
export function resolveLoadBalancer(
  args: LoadBalancerSettings,
  acmArn: pulumi.Input<string> | undefined,
  path: string,
  problems: Problems,
): ResolvedLoadBalancer {
  const settings: ResolvedLoadBalancer = {
    ...args,
    scheme: args.scheme ?? LOAD_BALANCER_DEFAULTS.scheme,
    sourceRanges: args.openToWorld ? [WORLD] : (args.sourceRanges ?? []),
    deletionProtection: args.deletionProtection ?? LOAD_BALANCER_DEFAULTS.deletionProtection,
    crossZone: args.crossZone ?? LOAD_BALANCER_DEFAULTS.crossZone,
    clientAddress: args.clientAddress ?? LOAD_BALANCER_DEFAULTS.clientAddress,
    tags: args.tags ?? LOAD_BALANCER_DEFAULTS.tags,
    acmArn,
  };
  const check = (holds: boolean, field: string, reason: string) =>
    problems.check(holds, `${path}.${field}`, reason);
  for (const [field, values] of Object.entries(CHOICES)) {
    const value = settings[field as keyof typeof CHOICES];
    check(
      (values as readonly string[]).includes(value),
      field,
      `"${value}" must be one of ${values.join(", ")}`,
    );
  }
  checkSources(args, settings.scheme, check);
  checkTexts(settings, check);
  if (settings.kind === "aws-nlb") checkNetworkLoadBalancer(settings, check);
  if (settings.kind === "aws-alb") checkApplicationLoadBalancer(args, acmArn, check);
  return settings;
}

type Check = (holds: boolean, field: string, reason: string) => void;

function checkSources(
  { kind, sourceRanges = [], securityGroups = [], openToWorld = false }: LoadBalancerSettings,
  scheme: ResolvedLoadBalancer["scheme"],
  check: Check,
): void {
  sourceRanges.forEach((range, i) =>
    check(
      isIpv4Cidr(range) && Number(range.split("/")[1]) >= WIDEST_PREFIX,
      `sourceRanges[${i}]`,
      `"${range}" must be an IPv4 range of /${WIDEST_PREFIX} or narrower; whoever means every address says \`openToWorld: true\``,
    ),
  );
  if (securityGroups.length > 0) {
    check(
      sourceRanges.length === 0 && !openToWorld,
      openToWorld ? "openToWorld" : "sourceRanges",
      "has no effect beside `securityGroups`, whose rules say who may connect; leave it out",
    );
    return;
  }
  if (openToWorld) {
    check(scheme === "internet-facing", "openToWorld", 'needs `scheme` "internet-facing"');
    check(sourceRanges.length === 0, "sourceRanges", "have no effect beside `openToWorld`; leave them out");
  } else if (scheme === "internet-facing") {
    check(
      sourceRanges.length > 0,
      "sourceRanges",
      'must name who may connect where `scheme` is "internet-facing": ranges, `securityGroups`, or `openToWorld: true` for everyone',
    );
  } else if (kind === "aws-alb") {
    check(
      sourceRanges.length > 0,
      "sourceRanges",
      "must name who may connect, or `securityGroups`: the controller would open an internal ALB to all that can reach the VPC",
    );
  }
}

function checkTexts({ accessLogs, subnets, securityGroups, tags }: ResolvedLoadBalancer, check: Check): void {
  const text = (value: pulumi.Input<string> | undefined, field: string, what: string) => {
    const plain = plainValue(value);
    check(plain === undefined || PLAIN_TEXT.test(plain), field, `"${plain}" must be ${what}`);
  };
  text(accessLogs?.bucket, "accessLogs.bucket", "the name of a bucket");
  text(accessLogs?.prefix, "accessLogs.prefix", "a prefix without commas and equals signs");
  check(subnets === undefined || subnets.length > 0, "subnets", "must name at least one subnet");
  subnets?.forEach((subnet, i) => text(subnet, `subnets[${i}]`, "the id of a subnet"));
  securityGroups?.forEach((group, i) => text(group, `securityGroups[${i}]`, "the id of a security group"));
  for (const [key, value] of Object.entries(tags)) {
    check(
      PLAIN_TEXT.test(key) && PLAIN_TEXT.test(value),
      `tags.${key}`,
      `"${value}" must be, like the tag's name, a text without commas and equals signs`,
    );
  }
}

function checkNetworkLoadBalancer(
  { accessLogs, acmArn, wafAclArn }: ResolvedLoadBalancer,
  check: Check,
): void {
  check(
    wafAclArn === undefined,
    "wafAclArn",
    'an NLB does not read requests, so AWS WAF cannot be put in front of it; set `kind` to "aws-alb"',
  );
  check(
    accessLogs === undefined || acmArn !== undefined,
    "accessLogs",
    "an NLB logs connections alone whose TLS it ends: needs `certificate.acmArn`; the proxies' own log has every request",
  );
}

function checkApplicationLoadBalancer(
  { clientAddress, crossZone, wafAclArn }: LoadBalancerSettings,
  acmArn: pulumi.Input<string> | undefined,
  check: Check,
): void {
  const arn = plainValue(wafAclArn);
  check(
    arn === undefined || WEB_ACL_ARN.test(arn),
    "wafAclArn",
    `"${arn}" must be as in "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/NAME/…"`,
  );
  check(acmArn !== undefined, "kind", '"aws-alb" ends TLS itself: needs `certificate.acmArn`');
  check(clientAddress === undefined, "clientAddress", "is for an NLB; an ALB says it in a header");
  check(crossZone === undefined, "crossZone", "is for an NLB; an ALB always sends to all zones");
}
