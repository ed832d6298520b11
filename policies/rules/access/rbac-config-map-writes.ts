import { roleRule } from "../../model/rbac";
import type { Field } from "../../model/field";

/** ConfigMaps that say who may enter the cluster and where its names lead. */
const POWERFUL = new Set(["aws-auth", "coredns", "coredns-custom", "kube-proxy", "kubeadm-config"]);
const CHANGES = ["update", "patch", "delete", "deletecollection"];

/** @throws UnknownRead */
function problem(entry: Field): string | undefined {
  const verbs = entry.get("verbs").strings();
  if (!entry.get("resources").strings().includes("configmaps")) return undefined;
  if (!verbs.some((verb) => CHANGES.includes(verb))) return undefined;
  const names = entry.get("resourceNames").strings();
  if (names.length === 0) return "must name the ConfigMaps that it changes in `resourceNames`.";
  const held = names.find((name) => POWERFUL.has(name));
  return held && `must not change the ConfigMap \`${held}\`.`;
}

export const rbacConfigMapWrites = roleRule(
  {
    id: "rbac-config-map-writes",
    title: "Roles name the ConfigMaps that they change",
    severity: "medium",
    description:
      "ConfigMaps configure what others run: in kube-system `aws-auth` says who is an administrator, `coredns` where every name leads.",
    remediation:
      'rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["text"], verbs: ["get", "update"] }]',
    controls: [],
  },
  problem,
);
