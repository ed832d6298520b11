import { isInternet } from "../../model/cidr";
import type { Field } from "../../model/field";
import { allowsEveryPort, isEveryPod } from "../../model/network-policies";
import type { ResourceRule } from "../../model/rule";

/** Whether a peer of a policy is the internet, or every pod of the cluster. @throws UnknownRead */
function isEveryone(peer: Field, ports: readonly Field[]): string | undefined {
  const range = peer.get("ipBlock", "cidr");
  if (isInternet(range.string() ?? "")) return `${range.show()}`;
  return isEveryPod(peer) && allowsEveryPort(ports)
    ? "every pod of every namespace, on every port"
    : undefined;
}

export const networkPolicyOpenPeer: ResourceRule = {
  id: "network-policy-open-peer",
  title: "A NetworkPolicy's peers are somebody in particular",
  severity: "medium",
  description:
    "`0.0.0.0/0` among the sources undoes the policy as an empty rule does, and so does every pod of the cluster on every port.",
  remediation:
    'ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } }], ports: [{ port: 8000 }] }]',
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const rule of subject.fields.get("spec", "ingress").items()) {
      for (const peer of rule.get("from").items()) {
        verdict.judge(subject, () => {
          const everyone = isEveryone(peer, rule.get("ports").items());
          if (everyone !== undefined)
            verdict.fail(subject, `must not let in ${everyone} (\`${peer.path}\`).`);
        });
      }
    }
  },
};
