import { cisEks, cisKubernetes } from "../../model/controls";
import { roleRule } from "../../model/rbac";

const VERBS = ["bind", "escalate", "impersonate"];

export const rbacEscalationVerbs = roleRule(
  {
    id: "rbac-escalation-verbs",
    title: "Roles do not allow bind, escalate or impersonate",
    severity: "high",
    description: "Who holds one of these verbs can take rights that nobody granted.",
    remediation:
      'rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }] // without those verbs',
    controls: [
      cisKubernetes(
        "5.1.8",
        "Limit use of the Bind, Impersonate and Escalate permissions in the Kubernetes cluster",
      ),
      cisEks(
        "4.1.8",
        "Limit use of the Bind, Impersonate and Escalate permissions in the Kubernetes cluster",
      ),
    ],
  },
  (entry) => {
    const held = entry
      .get("verbs")
      .strings()
      .filter((verb) => VERBS.includes(verb));
    return held.length === 0 ? undefined : `must not allow ${held.join(", ")}.`;
  },
);
