import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { grants, roleRule } from "../../model/rbac";

const RESOURCES = ["pods", "deployments", "daemonsets", "statefulsets", "replicasets", "jobs", "cronjobs"];

export const rbacPodCreation = roleRule(
  {
    id: "rbac-pod-creation",
    title: "Roles do not create pods or change what they run",
    severity: "medium",
    description:
      "Who creates a pod, or changes what one runs, can mount every Secret of the namespace and act as any of its service accounts. Deployers need it; name them by a waiver.",
    remediation:
      'rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list", "watch"] }]',
    controls: [
      ...kubernetesControls("rbac_minimize_pod_creation_access"),
      cisEks("4.1.4", "Minimize access to create pods"),
    ],
  },
  (entry) => {
    const held = RESOURCES.filter((name) => grants(entry, name, ["create", "update", "patch"]));
    return held.length === 0
      ? undefined
      : `must not create or change ${held.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
