import type { PropertyDelta } from "../property-diff";
import { access, harmless, interruption, on } from "./rule";
import type { Effect, PathRule } from "./rule";

export const SOURCES = access("changes which addresses may connect");
const REACH = access("changes from where its load balancer can be reached");
const LOGS = access("changes whether, and where, it is recorded who connected");
const TARGETS = interruption("its target groups are made anew");
const LISTENERS = interruption("changes how it takes clients' connections");
/** For what is not known in particular. */
export const MAY_BE_ANEW = interruption("its load balancer may be changed or made anew");
/** What any load balancer's scheme means: none can go from one network to the other. */
export const OTHER_SCHEME: readonly Effect[] = [
  interruption("another load balancer is made, with another DNS name"),
  REACH,
];

const certificate = ({ before, after }: PropertyDelta): Effect =>
  before === undefined || after === undefined
    ? interruption("changes whether it ends clients' TLS, or which certificate the controller chooses")
    : access("clients are shown, and have to trust, another certificate");

const ATTRIBUTES: readonly [key: RegExp, effect: Effect][] = [
  [/_logs\./, LOGS],
  [/^deletion_protection\./, harmless("changes whether it can be deleted")],
  [
    /^waf\.|^routing\.http\.(drop_invalid_header_fields|desync_mitigation_mode|xff_)/,
    access("changes which requests it lets through"),
  ],
  [/./, LISTENERS],
];

const pairsOf = (value: unknown) =>
  new Map(
    String(value ?? "")
      .split(",")
      .map((pair) => {
        const [key = "", ...rest] = pair.trim().split("=");
        return [key, rest.join("=")] as const;
      }),
  );

/** Of a list of `key=value` pairs, each that differs. */
function attributes({ before, after }: PropertyDelta): Effect[] {
  const [old, next] = [pairsOf(before), pairsOf(after)];
  const changed = [...new Set([...old.keys(), ...next.keys()])].filter(
    (key) => key !== "" && old.get(key) !== next.get(key),
  );
  return changed.map((key) => ATTRIBUTES.find(([pattern]) => pattern.test(key))![1]);
}

/** By what comes behind the prefix that all of a kind's annotations have; the two kinds have no name for two things. */
const EFFECTS: readonly [names: string, effect: PathRule["effect"]][] = [
  ["scheme|internal", OTHER_SCHEME],
  ["group\\.name|load-balancer-name|name|type", interruption("another load balancer is made, or takes over")],
  ["inbound-cidrs|source-ranges|.*security-groups|.*security-group-prefix-lists", SOURCES],
  [
    "manage-backend-security-group-rules",
    [interruption("its connections to the pods may be refused"), SOURCES],
  ],
  ["certificate-arn|ssl-cert", certificate],
  ["ssl-policy|ssl-negotiation-policy", access("changes which TLS versions and ciphers it takes")],
  ["mutual-authentication|auth-.*|jwt-.*", access("changes who may call through it")],
  ["waf.*|web-acl-id|shield-.*", access("changes which requests are filtered out")],
  ["access-log-.*", LOGS],
  ["(load-balancer-)?attributes", attributes],
  ["(nlb-)?target-type|backend-protocol(-version)?", TARGETS],
  ["healthcheck-.*|success-codes|(un)?healthy-.*", interruption("changes which pods it takes for healthy")],
  ["group\\.order|(actions|conditions|transforms)\\..*", interruption("changes which requests go where")],
  ["listen-ports|ssl-ports|ssl-redirect|alpn-policy", LISTENERS],
  ["subnets", interruption("it leaves subnets, and the connections there end")],
  // They are AWS' and nobody's traffic depends on them.
  ["tags|additional-resource-tags", harmless("changes tags in AWS alone")],
  [".*", MAY_BE_ANEW],
];

const annotated = (prefix: string): PathRule[] =>
  EFFECTS.map(([names, effect]) => on(new RegExp(`"${prefix}(${names})"`), effect));

/** What the AWS load balancer controller makes an ALB of: an Ingress' annotations. */
export const ALB_ANNOTATIONS = annotated("alb\\.ingress\\.kubernetes\\.io/");
/** What it makes an NLB of: a Service's annotations, wherever they are declared. */
export const NLB_ANNOTATIONS = annotated("service\\.beta\\.kubernetes\\.io/aws-load-balancer-");
