import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { grants, roleRule, WRITING } from "../../model/rbac";

const RESOURCES = [
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
];

export const rbacWebhookConfiguration = roleRule(
  {
    id: "rbac-webhook-configuration",
    title: "Roles do not change admission control",
    severity: "high",
    description:
      "A webhook sees every object, Secrets among them, and can change it; whoever writes its configuration can also take a check away.",
    remediation:
      'rules: [{ apiGroups: ["admissionregistration.k8s.io"], resources, verbs: ["get", "list", "watch"] }]',
    controls: [
      ...kubernetesControls("rbac_minimize_webhook_config_access"),
      cisEks("4.1.11", "Minimize access to webhook configuration objects"),
    ],
  },
  (entry) => {
    const held = RESOURCES.filter((name) => grants(entry, name, WRITING));
    return held.length === 0 ? undefined : `must not change ${held.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
