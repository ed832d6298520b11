import { bindingRule } from "../../model/rbac";

const OPEN = new Set([
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
  "system:serviceaccounts",
]);

export const rbacOpenSubject = bindingRule(
  {
    id: "rbac-open-subject",
    title: "Roles are bound to named subjects",
    severity: "critical",
    description:
      "A binding to everybody, to every account or to callers without a name grants the role to whoever reaches the API server.",
    remediation:
      'subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: account.metadata.namespace }]',
    controls: [],
  },
  ({ fields }) => {
    const open = fields
      .get("subjects")
      .items()
      .map((subject) => subject.get("name").string() ?? "")
      .filter((name) => OPEN.has(name));
    return open.length === 0 ? undefined : `must not be bound to ${open.join(", ")}.`;
  },
);
