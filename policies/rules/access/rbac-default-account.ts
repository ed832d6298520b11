import { cisEks, cisKubernetes } from "../../model/controls";
import { bindingRule } from "../../model/rbac";

export const rbacDefaultAccount = bindingRule(
  {
    id: "rbac-default-account",
    title: "Default service accounts hold no rights",
    severity: "medium",
    description: "What the default account may do, every pod of the namespace may do that names no account.",
    remediation:
      'subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }] // one of its own',
    controls: [
      cisKubernetes("5.1.5", "Ensure that default service accounts are not actively used."),
      cisEks("4.1.5", "Ensure that default service accounts are not actively used."),
    ],
  },
  ({ fields }) =>
    fields
      .get("subjects")
      .items()
      .some(
        (subject) =>
          subject.get("kind").string() === "ServiceAccount" && subject.get("name").string() === "default",
      )
      ? "must not grant rights to a `default` service account."
      : undefined,
);
