import { networkPolicyOpenPort } from "../../../../policies/rules/network/network-policy-open-port";
import { UNKNOWN } from "../../../../policies/testing";
import { describeMore, describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const ingress = (...rules: unknown[]) => set("allow", "spec.ingress", rules);
const ports = [{ protocol: "TCP", port: 8000 }];
const anywhere = { namespaceSelector: {} };
const edge = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } };
const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const policy = (podSelector: unknown, rules: readonly unknown[]) =>
  put("other", type, {
    metadata: { name: "other", namespace: "team" },
    spec: { podSelector, policyTypes: ["Ingress"], ingress: rules },
  });
const publicService = (serviceType: unknown) =>
  put("outside", "kubernetes:core/v1:Service", {
    metadata: { name: "outside", namespace: "team" },
    spec: {
      type: serviceType,
      selector: { app: "text" },
      loadBalancerSourceRanges: ["203.0.113.0/24"],
      ports: [{ name: "http", port: 8000 }],
    },
  });
const webhook = (name: unknown) =>
  put("webhook", "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration", {
    metadata: { name: "checks" },
    webhooks: [{ name: "checks.example", clientConfig: { service: { namespace: "team", name } } }],
  });

describeRule(networkPolicyOpenPort, {
  good: {
    "for one namespace": ingress({ from: [edge], ports }),
    "for some pods of every namespace": ingress({
      from: [{ ...anywhere, podSelector: { matchLabels: { scrapes: "yes" } } }],
      ports,
    }),
    "for the pods of its own namespace": ingress({ from: [{ podSelector: {} }], ports }),
    nobody: ingress(),
    "proxies of a gateway": policy(
      { matchLabels: { "gateway.envoyproxy.io/owning-gateway-name": "gateway" } },
      [{ ports: [{ port: 10443 }] }],
    ),
    "pods that the API server calls": [webhook("text"), ingress({ ports })],
    "name servers": policy({ matchLabels: { app: "names" } }, [
      { from: [anywhere], ports: [{ protocol: "UDP", port: 53 }, { port: "dns-tcp" }] },
    ]),
    "rules that its types leave out": put("other", type, {
      metadata: { name: "other", namespace: "team" },
      spec: { podSelector: {}, policyTypes: ["Egress"], ingress: [{ ports }] },
    }),
  },
  bad: {
    "ports without peers": ingress({ ports }),
    "an empty list of peers": ingress({ from: [], ports }),
    "every namespace": ingress({ from: [anywhere], ports }),
    "every namespace by the label that all have": ingress({
      from: [
        {
          namespaceSelector: {
            matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
          },
          podSelector: {},
        },
      ],
      ports,
    }),
    "a webhook of other pods": [webhook("other"), ingress({ ports })],
  },
  partial: {
    "one peer of two": ingress({ from: [edge, anywhere], ports }),
    "one rule of two": ingress({ from: [edge], ports }, { ports }),
    "one port of two": ingress({ ports: [{ port: 53 }, ...ports] }),
    "a range that begins with a port for all": ingress({ ports: [{ port: 53, endPort: 8000 }] }),
    "pods beside those that the API server calls": [
      webhook("text"),
      policy({}, [{ ports }]),
      put("pod", "kubernetes:core/v1:PodTemplate", {
        metadata: { name: "other", namespace: "team" },
        template: { metadata: { labels: { app: "other" } } },
      }),
    ],
  },
  wrongType: { "peers are a text": ingress({ from: "edge", ports }) },
  notJudged: {
    "every port, which another rule judges": ingress({ from: [anywhere] }),
    "pods behind a load balancer": [publicService("LoadBalancer"), ingress({ ports })],
    "pods behind a node port": [publicService("NodePort"), ingress({ ports })],
  },
  unknown: {
    peers: ingress({ from: UNKNOWN, ports }),
    ports: ingress({ ports: UNKNOWN }),
    "the type of a Service": [publicService(UNKNOWN), ingress({ ports })],
    "which Service the API server calls": [webhook(UNKNOWN), ingress({ ports })],
    "labels of a workload": [
      webhook("text"),
      ingress({ ports }),
      set("deployment", "spec.template.metadata.labels.app", UNKNOWN),
    ],
  },
});

describeMore(networkPolicyOpenPort, {
  config: { ports: ["8000"] },
  good: { "a port that all may ask": ingress({ ports }) },
  bad: { "a port that not all may ask": ingress({ ports: [{ port: 8001 }] }) },
});
