import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { grants, roleRule } from "../../model/rbac";

export const rbacTokenRequest = roleRule(
  {
    id: "rbac-token-request",
    title: "Roles do not make tokens of service accounts",
    severity: "high",
    description: "Whoever can ask for an account's token can act as that account, whatever it may do.",
    remediation:
      'rules: [{ apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get"] }] // without /token',
    controls: [
      ...kubernetesControls("rbac_minimize_service_account_token_creation"),
      cisEks("4.1.12", "Minimize access to the service account token creation"),
    ],
  },
  (entry) =>
    grants(entry, "serviceaccounts/token", ["create"])
      ? "must not allow to create `serviceaccounts/token`."
      : undefined,
);
