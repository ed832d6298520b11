import { nsaCisa } from "../../model/controls";
import { grants, roleRule } from "../../model/rbac";

const SUBRESOURCES = ["pods/exec", "pods/attach", "pods/ephemeralcontainers", "pods/portforward"];

export const rbacPodExec = roleRule(
  {
    id: "rbac-pod-exec",
    title: "Roles do not get into containers",
    severity: "high",
    description:
      "Who may exec into a pod has its files, its memory and every credential mounted there; who may forward its ports passes network policies by.",
    remediation: 'rules: [{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] }]',
    controls: [nsaCisa("C-0002", "Prevent containers from allowing command execution")],
  },
  (entry) => {
    const held = SUBRESOURCES.filter((name) => grants(entry, name, ["create", "get", "patch", "update"]));
    return held.length === 0 ? undefined : `must not allow ${held.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
