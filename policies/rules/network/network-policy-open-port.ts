import type { Field } from "../../model/field";
import { allowsEveryPort, isEveryPod, isolates } from "../../model/network-policies";
import { PublicPods } from "../../model/public-pods";
import type { RuleConfig, StackRule } from "../../model/rule";

const DNS = ["53", "dns", "dns-tcp"];

/** Whether a rule lets every pod of the cluster in, on some ports. @throws UnknownRead */
function isOpen(rule: Field): boolean {
  const from = rule.get("from").items();
  if (from.length > 0 && !from.some(isEveryPod)) return false;
  return !allowsEveryPort(rule.get("ports").items());
}

/** @throws UnknownRead */
function isForAll(port: Field, ports: readonly unknown[]): boolean {
  const number = port.get("port").value();
  return !port.get("endPort").exists() && ports.includes(String(number));
}

function openPorts(config: RuleConfig): readonly unknown[] {
  return Array.isArray(config["ports"]) ? config["ports"] : DNS;
}

export const networkPolicyOpenPort: StackRule = {
  id: "network-policy-open-port",
  title: "A NetworkPolicy's ports are open to somebody in particular",
  severity: "medium",
  description:
    "A rule of ports without peers, or for every namespace, lets every pod of the cluster in on them, and without peers every address. Left out are pods that strangers are meant to reach: proxies of a gateway, those behind a Service of type LoadBalancer or NodePort, and those that the API server calls (webhooks, aggregated APIs).",
  remediation:
    'ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } }, podSelector }], ports: [{ port: 8000 }] }]',
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  configSchema: {
    properties: {
      ports: {
        type: "array",
        items: { type: "string" },
        default: DNS,
        description: "Ports, by number or name, that every pod of the cluster may ask: those of DNS.",
      },
    },
  },
  scope: "stack",
  check(stack, verdict, config) {
    const publicPods = new PublicPods(stack);
    const everyones = openPorts(config);
    for (const policy of stack.ofKind("networking.k8s.io", "NetworkPolicy")) {
      verdict.judge(policy, () => {
        if (!isolates(policy, "Ingress")) return;
        for (const rule of policy.fields.get("spec", "ingress").items()) {
          verdict.judge(policy, () => {
            if (!isOpen(rule)) return;
            const ports = rule.get("ports").items();
            if (ports.every((port) => isForAll(port, everyones)) || publicPods.areAllPickedBy(policy)) return;
            // Its pods may be behind the Service of which that is not known yet.
            if (publicPods.open) throw publicPods.open;
            verdict.fail(policy, `must not let every pod in (\`${rule.path}\`).`);
          });
        }
      });
    }
  },
};
