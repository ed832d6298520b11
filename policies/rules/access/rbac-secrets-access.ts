import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { roleRule } from "../../model/rbac";

const READING = ["get", "list", "watch"];

export const rbacSecretsAccess = roleRule(
  {
    id: "rbac-secrets-access",
    title: "Roles that read Secrets name them",
    severity: "medium",
    description:
      "Reading every Secret of a namespace is reading every credential that will ever be put there.",
    remediation:
      'rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["gateway-tls"], verbs: ["get"] }]',
    controls: [
      ...kubernetesControls("rbac_minimize_secret_access"),
      cisEks("4.1.2", "Minimize access to secrets"),
    ],
  },
  (entry) =>
    entry.get("resources").strings().includes("secrets") &&
    entry
      .get("verbs")
      .strings()
      .some((verb) => READING.includes(verb)) &&
    entry.get("resourceNames").items().length === 0
      ? "must name the Secrets it may read in `resourceNames`."
      : undefined,
);
