import { roleRule } from "../../model/rbac";

export const rbacDeleteCollection = roleRule(
  {
    id: "rbac-delete-collection",
    title: "Roles do not delete everything of a kind at once",
    severity: "medium",
    description:
      "`deletecollection` takes away every object of a kind by one call; `resourceNames` does not bound it.",
    remediation: 'verbs: ["get", "list", "watch", "delete"], resourceNames: ["text"]',
    controls: [],
  },
  (entry) =>
    entry.get("verbs").strings().includes("deletecollection") &&
    // Events and logs have a rule of their own.
    entry
      .get("resources")
      .strings()
      .some((name) => !["events", "pods/log"].includes(name))
      ? "must not allow `deletecollection`."
      : undefined,
);
