import type { NetworkPolicy } from "../../../../toolchain/cluster/network-policy/objects";
import type { Flow } from "../../../../toolchain/cluster/network-policy/simulator";
import { policy } from "./cluster-state";

export interface PolicyCase {
  readonly title: string;
  readonly policies: readonly NetworkPolicy[];
  readonly allowed: readonly Flow[];
  readonly denied: readonly Flow[];
}

const tcp = (from: Flow["from"], to: Flow["to"], port = 8080): Flow => ({ from, to, port });
const udp = (from: Flow["from"], to: Flow["to"], port = 53): Flow => ({ from, to, port, protocol: "UDP" });
const sctp = (from: Flow["from"], to: Flow["to"], port = 7777): Flow => ({
  from,
  to,
  port,
  protocol: "SCTP",
});
const outside = { ip: "203.0.113.7" };
const web = { matchLabels: { app: "web" } };
const db = { matchLabels: { app: "db" } };

/** What the documentation of the API shows and defines, one thing each. The policies are in the namespace `red`. */
export const cases: readonly PolicyCase[] = [
  {
    title: "allows everything without a policy",
    policies: [],
    allowed: [tcp("red/web", "blue/db"), tcp(outside, "red/web"), udp("red/web", outside)],
    denied: [],
  },
  {
    title: "denies all ingress to the selected namespace with an empty ingress list",
    policies: [policy({ podSelector: {}, policyTypes: ["Ingress"] })],
    allowed: [
      tcp("red/web", "blue/db"),
      tcp("red/web", outside),
      tcp("blue/db", "blue/web"),
      tcp("red/web", "red/web"),
    ],
    denied: [
      tcp("red/web", "red/db"),
      tcp("blue/web", "red/web"),
      tcp(outside, "red/web"),
      udp("blue/web", "red/db"),
    ],
  },
  {
    title: "allows all ingress with one empty rule, next to a policy that denies it",
    policies: [
      policy({ podSelector: {}, policyTypes: ["Ingress"] }, "deny"),
      policy({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] }, "allow"),
    ],
    allowed: [tcp("red/web", "red/db"), tcp(outside, "red/web"), sctp("blue/web", "red/db")],
    denied: [],
  },
  {
    title: "denies all egress from the selected pods",
    policies: [policy({ podSelector: web, policyTypes: ["Egress"] })],
    allowed: [tcp("red/db", "red/web"), tcp(outside, "red/web"), tcp("red/web", "red/web")],
    denied: [
      tcp("red/web", "red/db"),
      tcp("red/web", "blue/db"),
      tcp("red/web", outside),
      udp("red/web", "kube-system/dns"),
    ],
  },
  {
    title: "isolates both directions with both types and no rule",
    policies: [policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] })],
    allowed: [tcp("blue/web", "blue/db"), tcp("red/db", "red/db")],
    denied: [tcp("red/web", "red/db"), tcp("red/web", outside), tcp(outside, "red/web")],
  },
  {
    title: "takes a policy without types as one about ingress alone",
    policies: [policy({ podSelector: {} })],
    allowed: [tcp("red/web", outside)],
    denied: [tcp(outside, "red/web")],
  },
  {
    title: "takes a policy without types that has egress rules as one about both",
    policies: [policy({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "203.0.113.0/24" } }] }] })],
    allowed: [tcp("red/web", outside)],
    denied: [tcp("red/web", { ip: "198.51.100.1" }), tcp("blue/web", "red/web")],
  },
  {
    title: "looks for a podSelector in the policy's own namespace",
    policies: [policy({ podSelector: db, ingress: [{ from: [{ podSelector: web }] }] })],
    allowed: [tcp("red/web", "red/db")],
    denied: [tcp("blue/web", "red/db"), tcp("blue/db", "red/db")],
  },
  {
    title: "takes all pods of the namespaces that a namespaceSelector selects",
    policies: [
      policy({
        podSelector: db,
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "blue" } } }] }],
      }),
    ],
    allowed: [tcp("blue/web", "red/db"), tcp("blue/db", "red/db")],
    denied: [tcp("red/web", "red/db"), tcp("monitoring/prometheus", "red/db")],
  },
  {
    title: "joins both selectors of one peer with AND",
    policies: [
      policy({
        podSelector: db,
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "blue" } }, podSelector: web }] }],
      }),
    ],
    allowed: [tcp("blue/web", "red/db")],
    denied: [tcp("blue/db", "red/db"), tcp("red/web", "red/db")],
  },
  {
    title: "joins two peers with OR",
    policies: [
      policy({
        podSelector: db,
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "blue" } } }, { podSelector: web }] }],
      }),
    ],
    allowed: [tcp("blue/web", "red/db"), tcp("blue/db", "red/db"), tcp("red/web", "red/db")],
    denied: [tcp("monitoring/prometheus", "red/db")],
  },
  {
    title: "takes every pod of the cluster with an empty namespaceSelector, but nobody outside",
    policies: [policy({ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] })],
    allowed: [tcp("blue/web", "red/db"), tcp("red/web", "red/db")],
    denied: [tcp(outside, "red/db")],
  },
  {
    title: "knows a namespace by the label with its name",
    policies: [
      policy({
        podSelector: {},
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }] },
        ],
      }),
    ],
    allowed: [tcp("monitoring/prometheus", "red/db")],
    denied: [tcp("kube-system/dns", "red/db")],
  },
  {
    title: "leaves an exception out of an ipBlock",
    policies: [
      policy({
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] } }] }],
      }),
    ],
    allowed: [tcp(outside, "red/web"), tcp({ ip: "203.0.113.127" }, "red/web")],
    denied: [
      tcp({ ip: "203.0.113.128" }, "red/web"),
      tcp({ ip: "203.0.112.255" }, "red/web"),
      tcp("blue/web", "red/web"),
    ],
  },
  {
    title: "takes everything with an ipBlock of the whole address space, pods included",
    policies: [
      policy({
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["128.0.0.0/1"] } }] }],
      }),
    ],
    allowed: [tcp("blue/web", "red/web"), tcp({ ip: "8.8.8.8" }, "red/web")],
    denied: [tcp(outside, "red/web")],
  },
  {
    title: "allows a port by number and by default for TCP only",
    policies: [policy({ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] })],
    allowed: [tcp("blue/web", "red/web", 8080), tcp(outside, "red/db", 8080)],
    denied: [tcp("blue/web", "red/web", 8081), udp("blue/web", "red/web", 8080)],
  },
  {
    title: "allows all ports of a protocol without a number",
    policies: [
      policy({
        podSelector: {},
        ingress: [{ ports: [{ protocol: "UDP" }, { protocol: "SCTP", port: 7777 }] }],
      }),
    ],
    allowed: [udp("blue/web", "red/web", 1), udp("blue/web", "red/web", 65535), sctp("blue/web", "red/web")],
    denied: [tcp("blue/web", "red/web", 53), sctp("blue/web", "red/web", 7778)],
  },
  {
    title: "includes both ends of a port range",
    policies: [
      policy({
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: 32000, endPort: 32768 }] }],
      }),
    ],
    allowed: [tcp("red/web", outside, 32000), tcp("red/web", "blue/db", 32768)],
    denied: [tcp("red/web", outside, 31999), tcp("red/web", "blue/db", 32769)],
  },
  {
    title: "resolves a named port on each destination of an ingress rule",
    policies: [policy({ podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] })],
    allowed: [tcp("blue/web", "red/web", 8080), tcp(outside, "red/db", 9090)],
    denied: [tcp("blue/web", "red/web", 9090), tcp(outside, "red/db", 8080), udp("blue/web", "red/web", 53)],
  },
  {
    title: "resolves a named port on the peers of an egress rule, by protocol",
    policies: [
      policy({
        podSelector: web,
        policyTypes: ["Egress"],
        egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: "dns", protocol: "UDP" }] }],
      }),
    ],
    allowed: [udp("red/web", "kube-system/dns", 53), udp("red/web", "red/db", 5353)],
    denied: [
      tcp("red/web", "kube-system/dns", 53),
      udp("red/web", "red/db", 53),
      udp("red/web", outside, 53),
    ],
  },
  {
    title: "matches nothing with a port name that no pod has",
    policies: [policy({ podSelector: {}, ingress: [{ ports: [{ port: "grpc" }] }] })],
    allowed: [],
    denied: [tcp("blue/web", "red/web", 8080)],
  },
  {
    title: "matches nothing with peers that select no pod",
    policies: [
      policy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: "none" } } }] }] }),
    ],
    allowed: [],
    denied: [tcp("red/web", "red/db"), tcp(outside, "red/db")],
  },
  {
    title: "adds up what several policies allow",
    policies: [
      policy(
        { podSelector: db, ingress: [{ from: [{ podSelector: web }], ports: [{ port: 5432 }] }] },
        "from-web",
      ),
      policy(
        {
          podSelector: {},
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { role: "platform" } } }] }],
        },
        "platform",
      ),
    ],
    allowed: [
      tcp("red/web", "red/db", 5432),
      tcp("monitoring/prometheus", "red/db", 9090),
      tcp("kube-system/dns", "red/web", 1),
    ],
    denied: [tcp("red/web", "red/db", 5433), tcp("red/db", "red/web", 5432), tcp("blue/web", "red/db", 5432)],
  },
  {
    title: "needs the egress of the source and the ingress of the destination",
    policies: [
      policy(
        { podSelector: web, policyTypes: ["Egress"], egress: [{ to: [{ namespaceSelector: {} }] }] },
        "out",
        "blue",
      ),
      policy({ podSelector: db, ingress: [{ ports: [{ port: 5432 }] }] }, "in", "red"),
    ],
    allowed: [tcp("blue/web", "red/db", 5432), tcp("blue/web", "red/web", 80)],
    denied: [tcp("blue/web", "red/db", 80), tcp("blue/web", outside, 5432)],
  },
  {
    title: "evaluates match expressions",
    policies: [
      policy({
        podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["db", "cache"] }] },
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchExpressions: [{ key: "team", operator: "NotIn", values: ["blue"] }],
                },
                podSelector: { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
              },
              {
                namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists" }] },
                podSelector: web,
              },
            ],
          },
        ],
      }),
    ],
    allowed: [
      tcp("monitoring/prometheus", "red/db"),
      tcp("red/web", "red/db"),
      tcp("blue/web", "red/db"),
      tcp(outside, "red/web"),
    ],
    denied: [tcp("blue/db", "red/db"), tcp(outside, "red/db")],
  },
];
