import type {
  Namespace,
  NetworkPolicy,
  Pod,
  PolicyState,
} from "../../../../toolchain/cluster/network-policy/objects";

/** The pod network of these tests. */
export const podCidr = { address: 10 * 2 ** 24 + 244 * 2 ** 16, prefix: 16 };

type Labels = Record<string, string>;

/** A running pod with the container ports `http` and `dns`, whose numbers may differ from pod to pod. */
export function pod(
  reference: string,
  ip: string,
  labels: Labels = {},
  ports = { http: 8080, dns: 53 },
): Pod {
  const [namespace, name] = reference.split("/");
  return {
    metadata: { namespace, name, labels },
    spec: {
      containers: [
        {
          ports: [
            { name: "http", containerPort: ports.http },
            { name: "dns", containerPort: ports.dns, protocol: "UDP" },
          ],
        },
      ],
    },
    status: { phase: "Running", podIP: ip, podIPs: [{ ip }] },
  };
}

/** Two teams and a platform namespace, two pods each. */
export const pods = [
  pod("red/web", "10.244.0.11", { app: "web", tier: "front" }),
  pod("red/db", "10.244.0.12", { app: "db", tier: "back" }, { http: 9090, dns: 5353 }),
  pod("blue/web", "10.244.0.21", { app: "web", tier: "front" }),
  pod("blue/db", "10.244.0.22", { app: "db" }),
  pod("monitoring/prometheus", "10.244.0.31", { app: "prometheus" }),
  pod("kube-system/dns", "10.244.0.32", { "k8s-app": "kube-dns" }),
];

export const namespaces: Namespace[] = [
  { metadata: { name: "red", labels: { team: "red" } } },
  { metadata: { name: "blue", labels: { team: "blue" } } },
  { metadata: { name: "monitoring", labels: { role: "platform" } } },
  { metadata: { name: "kube-system", labels: { role: "platform" } } },
];

export function policy(spec: NetworkPolicy["spec"], name = "policy", namespace = "red"): NetworkPolicy {
  return { metadata: { name, namespace }, spec };
}

export function stateWith(...policies: NetworkPolicy[]): PolicyState {
  return { policies, pods, namespaces };
}
