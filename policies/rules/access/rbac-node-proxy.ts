import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { roleRule } from "../../model/rbac";

export const rbacNodeProxy = roleRule(
  {
    id: "rbac-node-proxy",
    title: "Roles do not reach through nodes to their kubelets",
    severity: "high",
    description:
      "`nodes/proxy` talks to the kubelet itself: it runs commands in every pod of the node, past audit log and admission.",
    remediation:
      'rules: [{ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }] // for what only measures',
    controls: [
      ...kubernetesControls("rbac_minimize_node_proxy_subresource_access"),
      cisEks("4.1.10", "Minimize access to the proxy sub-resource of nodes"),
    ],
  },
  (entry) =>
    entry.get("resources").strings().includes("nodes/proxy") ? "must not allow `nodes/proxy`." : undefined,
);
