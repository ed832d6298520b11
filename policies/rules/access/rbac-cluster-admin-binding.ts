import { cisEks, nsaCisa } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { bindingRule } from "../../model/rbac";

export const rbacClusterAdminBinding = bindingRule(
  {
    id: "rbac-cluster-admin-binding",
    title: "Nobody is bound to cluster-admin",
    severity: "critical",
    description: "Whoever takes over a workload that is cluster-admin has taken over the cluster.",
    remediation: 'roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name }',
    controls: [
      ...kubernetesControls("rbac_cluster_admin_usage"),
      nsaCisa("C-0035", "Administrative Roles"),
      cisEks("4.1.1", "Ensure that the cluster-admin role is only used where required"),
    ],
  },
  ({ fields }) =>
    fields.get("roleRef", "kind").string() === "ClusterRole" &&
    fields.get("roleRef", "name").string() === "cluster-admin"
      ? "must not bind to `cluster-admin`."
      : undefined,
);
