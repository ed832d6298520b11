import { cisEks } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const eksAuthenticationMode = inputRule(
  {
    id: "eks-authentication-mode",
    title: "EKS admits by access entries, not by a ConfigMap",
    severity: "medium",
    description:
      "Who may write the ConfigMap `aws-auth` makes anyone an administrator, and no AWS log tells. Unless told otherwise EKS reads it.",
    remediation: 'accessConfig: { authenticationMode: "API" }',
    types: ["aws:eks/cluster:Cluster"],
    controls: [
      cisEks(
        "4.1.7",
        "Cluster Access Manager API to streamline and enhance the management of access controls within EKS clusters",
      ),
    ],
  },
  (fields) => {
    const mode = fields.get("accessConfig", "authenticationMode");
    return mode.value() === "API"
      ? undefined
      : `must set \`accessConfig.authenticationMode\` to "API" (given: ${mode.show()}).`;
  },
);
