import { cisKubernetes } from "../../model/controls";
import { bindingRule } from "../../model/rbac";

export const rbacClusterAdminBinding = bindingRule(
  {
    id: "rbac-cluster-admin-binding",
    title: "Nobody is bound to cluster-admin",
    severity: "critical",
    description: "Whoever takes over a workload that is cluster-admin has taken over the cluster.",
    remediation: 'roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name }',
    controls: [cisKubernetes("5.1.1", "Ensure that the cluster-admin role is only used where required")],
  },
  ({ fields }) =>
    fields.get("roleRef", "kind").string() === "ClusterRole" &&
    fields.get("roleRef", "name").string() === "cluster-admin"
      ? "must not bind to `cluster-admin`."
      : undefined,
);
