import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { grants, roleRule } from "../../model/rbac";

export const rbacPersistentVolumeCreation = roleRule(
  {
    id: "rbac-persistent-volume-creation",
    title: "Roles do not create persistent volumes",
    severity: "medium",
    description:
      "A volume of type hostPath mounts any folder of the node into a pod that the Pod Security Standard let through. Claims are enough for workloads.",
    remediation: 'rules: [{ apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["create"] }]',
    controls: [
      ...kubernetesControls("rbac_minimize_pv_creation_access"),
      cisEks("4.1.9", "Minimize access to create persistent volumes"),
    ],
  },
  (entry) =>
    grants(entry, "persistentvolumes", ["create"]) ? "must not create `persistentvolumes`." : undefined,
);
