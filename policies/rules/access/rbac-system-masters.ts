import { cisKubernetes } from "../../model/controls";
import { bindingRule } from "../../model/rbac";

export const rbacSystemMasters = bindingRule(
  {
    id: "rbac-system-masters",
    title: "Nothing is bound to system:masters",
    severity: "high",
    description:
      "Members of system:masters are administrators whatever RBAC says: no binding can take that from them, and no audit of roles shows it.",
    remediation:
      'subjects: [{ kind: "Group", name: "team-operators", apiGroup: "rbac.authorization.k8s.io" }]',
    controls: [cisKubernetes("5.1.7", "Avoid use of system:masters group")],
  },
  ({ fields }) =>
    fields
      .get("subjects")
      .items()
      .some((subject) => subject.get("name").string() === "system:masters")
      ? "must not be bound to the group `system:masters`."
      : undefined,
);
