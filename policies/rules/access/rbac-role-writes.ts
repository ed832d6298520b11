import { grants, roleRule, WRITING } from "../../model/rbac";

const RIGHTS = ["roles", "clusterroles", "rolebindings", "clusterrolebindings"];

export const rbacRoleWrites = roleRule(
  {
    id: "rbac-role-writes",
    title: "Roles do not change roles and bindings",
    severity: "high",
    description:
      "The API server lets nobody hand out more than they have, yet whoever changes roles can give what they have to anyone, and take from others what they need.",
    remediation:
      'rules: [{ apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["get", "list", "watch"] }]',
    controls: [],
  },
  (entry) => {
    const held = RIGHTS.filter((name) => grants(entry, name, WRITING));
    return held.length === 0 ? undefined : `must not change ${held.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
