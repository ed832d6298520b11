import assert from "node:assert/strict";
import { albIngresses, nlbService, type AwsLoadBalancer } from "../../../components/internal/load-balancer";
import { only, UNKNOWN, update, type Inputs } from "./support";

const ALB = "alb.ingress.kubernetes.io/";
const NLB = "service.beta.kubernetes.io/aws-load-balancer-";

const everything = (change: Partial<AwsLoadBalancer>): AwsLoadBalancer => ({
  kind: "aws-nlb",
  scheme: "internal",
  sourceRanges: ["10.0.0.0/8"],
  accessLogs: { bucket: "logs", prefix: "front" },
  deletionProtection: true,
  crossZone: true,
  clientAddress: "preserved",
  subnets: ["subnet-1"],
  securityGroups: ["sg-1"],
  wafAclArn: "arn:waf",
  tags: { team: "ml" },
  acmArn: "arn:acm",
  ...change,
});

const ingresses = albIngresses(everything({ kind: "aws-alb" }), {
  host: "models.example.com",
  port: 443,
  serviceName: "slipway-front",
  group: "ns.front",
});
const ALB_KEYS = [
  ...new Set([ingresses.http, ingresses.grpc].flatMap(({ annotations }) => Object.keys(annotations))),
];
const NLB_KEYS = [
  ...new Set(
    (["preserved", "proxy-protocol"] as const).flatMap((clientAddress) =>
      Object.keys(nlbService(everything({ clientAddress }), 443).annotations),
    ),
  ),
];

/** Tags are AWS' alone: no connection depends on them. */
const HARMLESS = [`${ALB}tags`, `${NLB}additional-resource-tags`];

/** UNKNOWN: nobody knows before the update which there will be. */
type Annotations = Record<string, string> | typeof UNKNOWN | null | undefined;
const ingress = (annotations: Annotations): Inputs => ({ metadata: { annotations } });
const proxy = (annotations: Annotations): Inputs => ({
  spec: { provider: { kubernetes: { envoyService: { annotations } } } },
});

const HOLDERS = {
  Ingress: ["kubernetes:networking.k8s.io/v1:Ingress", ingress],
  Service: ["kubernetes:core/v1:Service", ingress],
  EnvoyProxy: ["kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", proxy],
} as const;

function changed(holder: keyof typeof HOLDERS, before: Annotations, after: Annotations) {
  const [type, inputs] = HOLDERS[holder];
  const { risk, reason } = only(update({ type, before: inputs(before), after: inputs(after) }));
  return [risk, reason.slice(reason.indexOf("; ") + 2)];
}

describe("risk of a load balancer's annotations", () => {
  for (const [holder, keys] of [
    ["Ingress", ALB_KEYS],
    ["Service", NLB_KEYS],
    ["EnvoyProxy", NLB_KEYS],
  ] as const) {
    it(`is never none for what ApiGateway writes, tags aside: ${holder}`, () => {
      assert.ok(keys.length > 15, keys.join());
      for (const key of keys) {
        const other = { "example.com/team": "ml" };
        for (const [before, after] of [
          [{ [key]: "a=1" }, { [key]: "a=2" }],
          [other, { ...other, [key]: "a=1" }],
          [{ ...other, [key]: "a=1" }, other],
          [undefined, { [key]: "a=1" }],
          [{ [key]: "a=1" }, undefined],
          [null, { [key]: "a=1" }],
          [{ [key]: "a=1" }, null],
          [UNKNOWN, { [key]: "a=1" }],
          [{ [key]: "a=1" }, UNKNOWN],
        ] as const) {
          const [risk] = changed(holder, before, after);
          assert.equal(risk === "none", HARMLESS.includes(key), `${key}: ${risk}`);
        }
      }
    });
  }

  const ANEW =
    "another load balancer is made, with another DNS name; changes from where its load balancer can be reached";
  const LISTENERS = "changes how it takes clients' connections";
  const SOURCES = "changes which addresses may connect";

  for (const [key, before, after, risk, words] of [
    ["wafv2-acl-arn", "arn:waf", undefined, "access", "changes which requests are filtered out"],
    ["inbound-cidrs", "10.0.0.0/8", "0.0.0.0/0", "access", SOURCES],
    ["security-groups", "sg-1", "sg-2", "access", SOURCES],
    ["ssl-policy", "new", "old", "access", "changes which TLS versions and ciphers it takes"],
    ["auth-type", "oidc", "none", "access", "changes who may call through it"],
    ["certificate-arn", "a", "b", "access", "clients are shown, and have to trust, another certificate"],
    [
      "certificate-arn",
      "a",
      undefined,
      "interruption",
      "changes whether it ends clients' TLS, or which certificate the controller chooses",
    ],
    ["scheme", "internal", "internet-facing", "interruption", ANEW],
    ["group.name", "a", "b", "interruption", "another load balancer is made, or takes over"],
    ["subnets", "a,b", "a", "interruption", "it leaves subnets, and the connections there end"],
    ["listen-ports", "a", "b", "interruption", LISTENERS],
    ["target-type", "ip", "instance", "interruption", "its target groups are made anew"],
    ["conditions.text", "[]", "[1]", "interruption", "changes which requests go where"],
    ["not-known-yet", "a", "b", "interruption", "its load balancer may be changed or made anew"],
    [
      "load-balancer-attributes",
      "a=1,access_logs.s3.enabled=true",
      "a=1",
      "access",
      "changes whether, and where, it is recorded who connected",
    ],
    [
      "load-balancer-attributes",
      "waf.fail_open.enabled=false",
      "waf.fail_open.enabled=true",
      "access",
      "changes which requests it lets through",
    ],
    [
      "load-balancer-attributes",
      "idle_timeout.timeout_seconds=240",
      "idle_timeout.timeout_seconds=1",
      "interruption",
      LISTENERS,
    ],
    [
      "load-balancer-attributes",
      "deletion_protection.enabled=true",
      "deletion_protection.enabled=false",
      "none",
      "changes whether it can be deleted",
    ],
  ] as const) {
    it(`of an ALB: ${key} from ${before} to ${after} is ${risk}`, () => {
      const rest = { [`${ALB}group.order`]: "1" };
      const found = changed(
        "Ingress",
        { ...rest, [ALB + key]: before },
        after === undefined ? rest : { ...rest, [ALB + key]: after },
      );
      assert.deepEqual(found, [risk, words]);
    });
  }

  for (const holder of ["Service", "EnvoyProxy"] as const) {
    it(`of an NLB: another scheme is another load balancer: ${holder}`, () => {
      const scheme = (value: string) => ({ [`${NLB}scheme`]: value });
      assert.deepEqual(changed(holder, scheme("internal"), scheme("internet-facing")), [
        "interruption",
        ANEW,
      ]);
    });
  }

  it("of another cloud, or another controller, is not none either", () => {
    const azure = "service.beta.kubernetes.io/azure-load-balancer-internal";
    assert.deepEqual(changed("Service", { [azure]: "true" }, { [azure]: "false" }), ["interruption", ANEW]);
    const nginx = "nginx.ingress.kubernetes.io/whitelist-source-range";
    assert.deepEqual(changed("Ingress", { [nginx]: "10.0.0.0/8" }, { [nginx]: "0.0.0.0/0" }), [
      "interruption",
      "its controller may take requests differently; changes who may call through it",
    ]);
  });

  it("is none for annotations that no load balancer reads", () => {
    assert.equal(changed("Ingress", { "example.com/team": "a" }, { "example.com/team": "b" })[0], "none");
  });
});
