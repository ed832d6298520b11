import { declaredPods } from "../../model/declared-pods";
import type { Field } from "../../model/field";
import { selects, selectsAll } from "../../model/labels";
import { operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import { namespaceOf } from "../../model/subject";

/** The lists of peers of a policy's rules, in both directions. @throws UnknownRead */
function peerLists(spec: Field): Field[] {
  return [...spec.all(["ingress", "*", "from"]), ...spec.all(["egress", "*", "to"])];
}

/** A peer that is whole namespaces, beside which one may stand that was meant to narrow it. @throws UnknownRead */
function isNamespaces(peer: Field): boolean {
  return peer.get("namespaceSelector").exists() && !peer.get("podSelector").exists();
}

/** @throws UnknownRead */
function isPods(peer: Field): boolean {
  const pods = peer.get("podSelector");
  return pods.exists() && !selectsAll(pods) && !peer.get("namespaceSelector").exists();
}

export const networkPolicySplitPeer: StackRule = {
  id: "network-policy-split-peer",
  title: "A NetworkPolicy's peer is pods of a namespace, not both apart",
  severity: "medium",
  description:
    "A `namespaceSelector` and a `podSelector` in two items of the list are two peers: every pod of those namespaces, and pods of the policy's own. Judged where the second picks none of the pods that the stack declares in the policy's namespace, though they have the label.",
  remediation: "from: [{ namespaceSelector, podSelector }] // one item",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const { byNamespace, open } = declaredPods(stack);
    const operated = operatedNamespaces(stack);
    for (const policy of stack.ofKind("networking.k8s.io", "NetworkPolicy")) {
      verdict.judge(policy, () => {
        const namespace = namespaceOf(policy);
        if (operated.has(namespace)) return;
        const pods = byNamespace.get(namespace) ?? [];
        for (const list of peerLists(policy.fields.get("spec"))) {
          verdict.judge(policy, () => {
            const peers = list.items();
            if (!peers.some(isNamespaces)) return;
            const stray = peers
              .filter(isPods)
              .find((peer) => !pods.some(({ labels }) => selects(peer.get("podSelector"), labels)));
            if (!stray) return;
            // The pods that it picks may be those of which that is not known yet.
            if (open) throw open;
            const keys = stray.get("podSelector", "matchLabels").entries();
            // Pods without the labels may be of another stack, as those meant here may be.
            const areComparable =
              keys.length > 0 && pods.some(({ labels }) => keys.every(([key]) => labels.has(key)));
            if (!areComparable) return;
            verdict.fail(
              policy,
              `names whole namespaces, and apart from them pods that its own has none of (\`${stray.path}\`).`,
            );
          });
        }
      });
    }
  },
};
