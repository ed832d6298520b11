import { grants, roleRule } from "../../model/rbac";

const RECORDS = ["events", "pods/log"];

export const rbacDeleteRecords = roleRule(
  {
    id: "rbac-delete-records",
    title: "Roles do not delete events and logs",
    severity: "medium",
    description: "Whoever may delete events and logs can take away what an intrusion left behind.",
    remediation: 'rules: [{ apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] }]',
    controls: [],
  },
  (entry) => {
    const held = RECORDS.filter((name) => grants(entry, name, ["delete", "deletecollection"]));
    return held.length === 0 ? undefined : `must not delete ${held.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
