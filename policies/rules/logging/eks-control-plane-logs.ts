import { cisEks } from "../../model/controls";
import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

/** Who asked for what, and who was let in. The other two, of scheduler and controllers, are for finding faults. */
const REQUIRED = ["api", "audit", "authenticator"];

export const eksControlPlaneLogs = inputRule(
  {
    id: "eks-control-plane-logs",
    title: "EKS logs who asked for what",
    severity: "medium",
    description:
      "EKS logs nothing of its control plane unless told to; after an incident nobody can say who did it.",
    remediation:
      'enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"]',
    types: ["aws:eks/cluster:Cluster"],
    controls: [
      ...awsControls("eks_control_plane_logging_all_types_enabled"),
      cisEks("2.1.1", "Enable audit Logs"),
    ],
  },
  (fields) => {
    const enabled = fields.get("enabledClusterLogTypes").strings();
    const missing = REQUIRED.filter((type) => !enabled.includes(type));
    return missing.length === 0
      ? undefined
      : `must have ${missing.map((type) => `\`${type}\``).join(", ")} in \`enabledClusterLogTypes\`.`;
  },
);
